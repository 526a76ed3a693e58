/**
 * The Erlang cookie: the secret that nodes and tools of one cluster share, in `$HOME/.erlang.cookie`.
 * It is created on first use, readable by its owner only, and never leaves the process: links prove that they
 * know it (link/handshake.ts). A file that others can read is refused, as Erlang does.
 */
import { createHash, randomInt } from 'node:crypto';
import { chmodSync, linkSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The process that meets it exits 78 (configuration), as rabbitmq-server and rabbitmqctl do. */
export class CookieError extends Error {
  readonly exitStatus = 78;

  constructor(
    readonly code: 'accessible_by_others' | 'unreadable' | 'empty',
    message: string,
  ) {
    super(message);
    this.name = 'CookieError';
  }
}

/** Reads the cookie below `home`; creates one when there is none. */
export function readCookie(home: string): string {
  const path = cookiePath(home);
  return readExisting(path) ?? createCookie(path);
}

export const cookiePath = (home: string): string => join(home, '.erlang.cookie');

/** What diagnostics show in place of the cookie ("Erlang cookie hash"). */
export const cookieHash = (cookie: string): string => createHash('md5').update(cookie).digest('base64');

function readExisting(path: string): string | null {
  let text: string;
  try {
    if ((statSync(path).mode & 0o077) !== 0) {
      throw new CookieError('accessible_by_others', `Cookie file ${path} must be accessible by owner only`);
    }
    text = readFileSync(path, 'latin1');
  } catch (error) {
    if (error instanceof CookieError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new CookieError('unreadable', `Failed to read cookie file '${path}': ${code?.toLowerCase()}`);
  }
  const cookie = text.replace(/[\r\n].*$/s, '').trim();
  if (cookie === '') throw new CookieError('empty', `Too short cookie string in ${path}`);
  return cookie;
}

/** Several nodes may start at once on a fresh machine: the first file that is linked in place wins for all. */
function createCookie(path: string): string {
  const cookie = Array.from({ length: 40 }, () => String.fromCharCode(65 + randomInt(26))).join('');
  const mine = `${path}.${process.pid}`;
  try {
    writeFileSync(mine, cookie, { mode: 0o400, flag: 'wx' });
    chmodSync(mine, 0o400);
    linkSync(mine, path);
    return cookie;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') {
      throw new CookieError('unreadable', `Failed to create cookie file '${path}': ${code?.toLowerCase()}`);
    }
    return readExisting(path) ?? cookie;
  } finally {
    try {
      unlinkSync(mine);
    } catch {
      // never written
    }
  }
}
