import { WarrenError } from '../errors/warren-error.js';
import { isAddress } from './host-word.js';

/** Another cluster as it is typed: `name=address`, with more addresses after commas. */
export interface UpstreamWord {
  readonly name: string;
  readonly addresses: readonly string[];
}

export function parseUpstreamWord(text: string): UpstreamWord {
  const [, name, list] = /^([A-Za-z][A-Za-z0-9_-]{0,39})=(\S+)$/.exec(text) ?? [];
  const addresses = list?.split(',').filter(Boolean) ?? [];
  if (name === undefined || addresses.length === 0 || !addresses.every(isAddress)) {
    const shown = text.replace(/:.*@/, ':…@');
    const problem = `'${shown}' is not an upstream: write name=address, such as south=10.2.0.30`;
    throw WarrenError.of('USAGE', { problem, command: 'init' });
  }
  return { name, addresses };
}

/** The environment variable for a password, by the name of what it opens. */
export function passwordVariable(name: string): string {
  const word = name.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
  return `${word.replace(/^(\d)/, '_$1')}_PASSWORD`;
}
