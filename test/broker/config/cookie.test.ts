import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CookieError, cookieHash, cookiePath, readCookie } from '../../../src/broker/config/cookie.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'cookie-'));
});
afterEach(() => rmSync(home, { recursive: true }));

describe('the Erlang cookie', () => {
  it('is created once, of at least 32 letters, for its owner only', () => {
    const cookie = readCookie(home);
    expect(cookie).toMatch(/^[A-Z]{32,}$/);
    expect(statSync(cookiePath(home)).mode & 0o777).toBe(0o400);
    expect(readCookie(home)).toBe(cookie);
    expect(readFileSync(cookiePath(home), 'utf8')).toBe(cookie);
  });

  it('is another one in every home', () => {
    const other = mkdtempSync(join(tmpdir(), 'cookie-'));
    expect(readCookie(other)).not.toBe(readCookie(home));
    rmSync(other, { recursive: true });
  });

  it('is taken as it stands, without the newline of an editor', () => {
    writeFileSync(cookiePath(home), 'secret\n', { mode: 0o600 });
    expect(readCookie(home)).toBe('secret');
  });

  it.each([0o640, 0o604, 0o444])('is refused with mode %o', (mode) => {
    writeFileSync(cookiePath(home), 'SECRET');
    chmodSync(cookiePath(home), mode);
    expect(() => readCookie(home)).toThrowError(
      new CookieError(
        'accessible_by_others',
        `Cookie file ${home}/.erlang.cookie must be accessible by owner only`,
      ),
    );
  });

  it('is refused when empty', () => {
    writeFileSync(cookiePath(home), '\n', { mode: 0o400 });
    expect(() => readCookie(home)).toThrowError(/Too short cookie string/);
  });

  it('has the hash that RabbitMQ shows', () => {
    expect(cookieHash('ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEF')).toBe('1qd+C0cdpKBtLlmNo184Og==');
  });
});
