import { createHash } from 'node:crypto';

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const rounds = 5_000;

/**
 * A password as crypt(3) hashes it under `$5$` ("Unix crypt using SHA-256"),
 * which HAProxy's userlists understand. The salt is given, so the same
 * password renders to the same text.
 */
export function sha256Crypt(password: string, salt: string): string {
  const key = Buffer.from(password);
  const grain = Buffer.from(salt.slice(0, 16));
  const first = digest(intermediate(key, grain));
  const p = stretch(digest(Array<Buffer>(key.length).fill(key)), key.length);
  const s = stretch(digest(Array<Buffer>(16 + first[0]!).fill(grain)), grain.length);
  let result = first;
  for (let round = 0; round < rounds; round++) {
    const odd = round % 2 === 1;
    const parts = [odd ? p : result];
    if (round % 3 !== 0) parts.push(s);
    if (round % 7 !== 0) parts.push(p);
    parts.push(odd ? result : p);
    result = digest(parts);
  }
  return `$5$${grain.toString()}$${encoded(result)}`;
}

/** The bits of the password's length choose between the password and the alternate sum. */
function intermediate(key: Buffer, salt: Buffer): Buffer[] {
  const alternate = digest([key, salt, key]);
  const parts = [key, salt, stretch(alternate, key.length)];
  for (let length = key.length; length > 0; length >>= 1) parts.push(length & 1 ? alternate : key);
  return parts;
}

function digest(parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function stretch(block: Buffer, length: number): Buffer {
  return Buffer.concat(Array<Buffer>(Math.ceil(length / block.length)).fill(block)).subarray(0, length);
}

/** Three bytes, ten apart, make four characters; the last two bytes make three. */
function encoded(sum: Buffer): string {
  let text = '';
  let [a, b, c] = [0, 10, 20];
  for (let i = 0; i < 10; i++) {
    text += characters((sum[a]! << 16) | (sum[b]! << 8) | sum[c]!, 4);
    [a, b, c] = [c + 1, a + 1, b + 1];
  }
  return text + characters((sum[31]! << 8) | sum[30]!, 3);
}

function characters(bits: number, count: number): string {
  return Array.from({ length: count }, (_, i) => alphabet[(bits >> (6 * i)) & 63]!).join('');
}
