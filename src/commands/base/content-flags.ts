import * as Flags from '@oclif/core/flags';
import { WarrenError } from '../../errors/warren-error.js';

/** Which messages are shown, of those that are followed, and how long. */
export const contentFlags = {
  header: Flags.string({
    description: 'a header that is there, or whose value matches',
    helpValue: 'NAME[=REGEX]',
  }),
  body: Flags.string({ description: 'a regular expression that the body matches' }),
  count: Flags.integer({ char: 'n', description: 'stop after so many', min: 1 }),
  timeout: Flags.integer({ description: 'stop after so many seconds', min: 1 }),
  'max-length': Flags.integer({
    description: 'messages that may wait for this terminal before the oldest are dropped',
    default: 10_000,
    min: 1,
  }),
};

interface Flagged {
  readonly header?: string | undefined;
  readonly body?: string | undefined;
  readonly count?: number | undefined;
  readonly timeout?: number | undefined;
  readonly 'max-length': number;
}

export function boundsOf(flags: Flagged) {
  const timeoutMs = flags.timeout === undefined ? undefined : flags.timeout * 1_000;
  return { count: flags.count, timeoutMs, maxLength: flags['max-length'] };
}

export function contentOf(flags: Flagged, command: string) {
  return { header: headerOf(flags.header, command), body: expression('body', flags.body, command) };
}

export function expression(flag: string, source: string | undefined, command: string): RegExp | undefined {
  if (source === undefined) return undefined;
  try {
    return new RegExp(source, 'u');
  } catch (error) {
    const problem = `--${flag} is not a regular expression: ${(error as Error).message}`;
    throw WarrenError.of('USAGE', { problem, command });
  }
}

function headerOf(given: string | undefined, command: string) {
  if (given === undefined) return undefined;
  const at = given.indexOf('=');
  if (at === -1) return { name: given };
  return { name: given.slice(0, at), value: expression('header', given.slice(at + 1), command) };
}
