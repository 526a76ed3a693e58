import { isIP } from 'node:net';
import { WarrenError } from '../errors/warren-error.js';

/** A host as it is typed: `user@address:port`, of which only the address must be. */
export interface HostWord {
  readonly user?: string;
  readonly address: string;
  readonly port?: number;
}

export function parseHostWord(text: string): HostWord {
  const [, user, bracketed, plain, port] =
    /^(?:([^@:\s]+)@)?(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)|(?=.*:.*:)[0-9A-Fa-f:.]+)(?::(\d+))?$/.exec(
      text,
    ) ?? [];
  const bare = text.replace(/^[^@]*@/, '');
  const address = bracketed ?? plain ?? (isIP(bare) === 6 ? bare : undefined);
  const number = port === undefined ? undefined : Number(port);
  if (address === undefined || (number !== undefined && (number < 1 || number > 65_535))) {
    const why = /:.*@/.test(text)
      ? 'a password cannot stand here: keys are used, or ssh: { password: env:NAME } in the file'
      : undefined;
    const problem = `'${text.replace(/:.*@/, ':…@')}' is not a host: write user@address, or user@address:port`;
    throw WarrenError.of('USAGE', { problem, command: 'init' }, { why });
  }
  return {
    address,
    ...(user === undefined ? {} : { user }),
    ...(number === undefined ? {} : { port: number }),
  };
}

/** An IP address, or what may be a host name. */
export function isAddress(text: string): boolean {
  return isIP(text) !== 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(text);
}

/** Names for hosts: of a host name its first label, of an address server1, server2 …; each once. */
export function namesOf(words: readonly HostWord[]): string[] {
  const taken = new Set<string>();
  return words.map(({ address }, index) => {
    const first = isIP(address) ? `server${index + 1}` : address.split('.')[0]!;
    let name = first;
    for (let i = 2; taken.has(name); i++) name = `${first}-${i}`;
    taken.add(name);
    return name;
  });
}
