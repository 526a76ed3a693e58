/**
 * Password hashes as RabbitMQ keeps and exports them: base64 of four bytes of salt followed by the digest of salt and
 * password. New ones are sha256; the other two are understood where definitions bring them.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const digests: Record<string, string> = {
  rabbit_password_hashing_sha256: 'sha256',
  rabbit_password_hashing_sha512: 'sha512',
  rabbit_password_hashing_md5: 'md5',
};

export const defaultHashingAlgorithm = 'rabbit_password_hashing_sha256';

export function hashPassword(password: string, salt: Buffer = randomBytes(4)): string {
  return Buffer.concat([salt, digest('sha256', salt, password)]).toString('base64');
}

/** False also for an empty hash (no password login), an empty password and an algorithm that is not known. */
export function passwordMatches(password: string, hash: string, algorithm: string): boolean {
  const name = digests[algorithm];
  const bytes = Buffer.from(hash, 'base64');
  if (name === undefined || password === '' || bytes.length <= 4) return false;
  const expected = bytes.subarray(4);
  const actual = digest(name, bytes.subarray(0, 4), password);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function digest(name: string, salt: Buffer, password: string): Buffer {
  return createHash(name).update(salt).update(password, 'utf8').digest();
}
