/**
 * The Erlang cookie, `~/.erlang.cookie`: the secret that nodes and tools of one cluster share. Made on first use
 * (32 characters, 0400); refused when others can read it, as the Erlang runtime refuses it.
 */
import { createHash, randomInt } from 'node:crypto';
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export class CookieError extends Error {
  override readonly name = 'CookieError';
}

export function cookieFileOf(home: string): string {
  return join(home, '.erlang.cookie');
}

/** RABBITMQ_ERLANG_COOKIE, else the file, which is made when there is none. Throws CookieError. */
export function readCookie(home: string, env: NodeJS.ProcessEnv): string {
  if (env.RABBITMQ_ERLANG_COOKIE) return env.RABBITMQ_ERLANG_COOKIE;
  const file = cookieFileOf(home);
  return readExisting(file) ?? create(file) ?? readExisting(file) ?? fail(file, 'it cannot be made');
}

/** What `rabbitmq-diagnostics erlang_cookie_hash` shows: comparable, and tells nothing. */
export function cookieHash(cookie: string): string {
  return createHash('md5').update(cookie).digest('base64');
}

function readExisting(file: string): string | null {
  try {
    const { mode } = statSync(file);
    if ((mode & 0o077) !== 0) {
      fail(file, `Cookie file ${file} must be accessible by owner only. Next: chmod 400 ${file}`);
    }
    const cookie = readFileSync(file, 'utf8').replace(/\s+$/, '');
    if (cookie === '') fail(file, `Cookie file ${file} is empty. Next: remove it, and start again`);
    return cookie;
  } catch (error) {
    if (error instanceof CookieError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    return fail(file, `Failed to read the cookie file ${file}: ${code?.toLowerCase() ?? String(error)}`);
  }
}

/** Null when somebody else made it just now. */
function create(file: string): string | null {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const cookie = Array.from({ length: 32 }, () => letters[randomInt(letters.length)]).join('');
  try {
    mkdirSync(join(file, '..'), { recursive: true });
    const descriptor = openSync(file, 'wx', 0o400);
    try {
      writeSync(descriptor, cookie);
    } finally {
      closeSync(descriptor);
    }
    chmodSync(file, 0o400);
    return cookie;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return null;
    return fail(file, `Failed to create the cookie file ${file}: ${code?.toLowerCase() ?? String(error)}`);
  }
}

function fail(file: string, message: string): never {
  throw new CookieError(message.includes(file) ? message : `${message}: ${file}`);
}
