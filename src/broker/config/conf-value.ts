/** Readers of single values: each answers with the typed value or throws `BadValue` with what it expected. */
import type { Listener } from './node-config.js';

export class BadValue extends Error {}

export type Reader<T> = (value: string) => T;

export const text: Reader<string> = (value) => value;

export const flag: Reader<boolean> = (value) => {
  if (value === 'true' || value === 'on') return true;
  if (value === 'false' || value === 'off') return false;
  throw new BadValue(`"${value}" is neither true nor false`);
};

export function integer(least = 0, most = Number.MAX_SAFE_INTEGER): Reader<number> {
  return (value) => {
    const number = /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
    if (Number.isNaN(number)) throw new BadValue(`"${value}" is not a whole number`);
    if (number < least || number > most) throw new BadValue(`${value} is not between ${least} and ${most}`);
    return number;
  };
}

export const port = integer(1, 65535);

export const positiveNumber: Reader<number> = (value) => {
  const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  if (!(number > 0)) throw new BadValue(`"${value}" is not a number above 0`);
  return number;
};

export function oneOf<const T extends readonly string[]>(...choices: T): Reader<T[number]> {
  return (value) => {
    if (!choices.includes(value)) throw new BadValue(`"${value}" is none of ${choices.join(', ')}`);
    return value;
  };
}

const kibi = { k: 1, m: 2, g: 3, t: 4, p: 5 } as const;

/** RabbitMQ's information units: k, K, KiB, MiB … are powers of 1024, kB, MB, GB … powers of 1000. */
export const bytes: Reader<number> = (value) => {
  const match = /^(\d+)\s*(?:([kmgtp])(ib|b)?)?$/i.exec(value);
  if (!match) throw new BadValue(`"${value}" is not a size such as 1073741824, 512MB or 2GiB`);
  const [, digits, prefix, suffix] = match;
  if (!prefix) return Number(digits);
  const base = suffix?.toLowerCase() === 'b' ? 1000 : 1024;
  return Number(digits) * base ** kibi[prefix.toLowerCase() as keyof typeof kibi];
};

/** `5672`, `127.0.0.1:5672`, `:::5672`, `[::1]:5672`, `localhost:5672`. Without an address: null. */
export const listener: Reader<{ address: string | null; port: number }> = (value) => {
  const match = /^(?:(.+):)?(\d+)$/.exec(value);
  if (!match) throw new BadValue(`"${value}" is not a port, nor address:port`);
  return { address: match[1]?.replace(/^\[(.*)\]$/, '$1') ?? null, port: port(match[2]!) };
};

const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** The bundled broker serves this machine only: whatever else was asked for becomes 127.0.0.1, and is noticed. */
export function onLoopback(
  asked: { address: string | null; port: number },
  where: string,
  notices: string[],
): Listener {
  const { address, port } = asked;
  if (address === null) return { address: '127.0.0.1', port };
  if (loopback.test(address)) return { address: address === 'localhost' ? '127.0.0.1' : address, port };
  notices.push(
    `${where}: asked to listen on ${address}, listening on 127.0.0.1 instead: the bundled broker serves this machine only`,
  );
  return { address: '127.0.0.1', port };
}
