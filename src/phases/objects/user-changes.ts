import { createHash } from 'node:crypto';
import { segment } from '../../drivers/management-api/client.js';
import { type ObjectChange, put, sameJson } from './change.js';
import type { DefinedUser, Found } from './definitions.js';
import { wordsOf } from './vhost-changes.js';
import type { WantedUser } from './wanted.js';

export function userChanges(wanted: readonly WantedUser[], { definitions }: Found): ObjectChange[] {
  return wanted.flatMap((user) => {
    const there = definitions.users.find(({ name }) => name === user.name);
    return [...userChange(user, there), ...limitChanges(user, there)];
  });
}

function userChange(user: WantedUser, there: DefinedUser | undefined): ObjectChange[] {
  const { name, tags } = user;
  const different = [
    ...(there && sameJson([...wordsOf(there.tags)].sort(), [...tags].sort()) ? [] : ['tags']),
    ...(there && hasPassword(user, there) ? [] : ['password']),
  ];
  if (different.length === 0) return [];
  const sentence = there ? `change the ${different.join(' and ')} of user ${name}` : `make user ${name}`;
  return [
    put(sentence, `/users/${segment(name)}`, () => ({ ...credentials(user, there), tags: tags.join(',') })),
  ];
}

/** A PUT without a password would take away the one that is there. */
function credentials(user: WantedUser, there: DefinedUser | undefined): Record<string, unknown> {
  if (user.password && !(there && hasPassword(user, there))) return { password: user.password.reveal() };
  return {
    password_hash: user.passwordHash?.reveal() ?? there?.password_hash ?? '',
    hashing_algorithm: user.hashing_algorithm ?? there?.hashing_algorithm ?? defaultAlgorithm,
  };
}

const defaultAlgorithm = 'rabbit_password_hashing_sha256';

/**
 * Whether the hash that the broker keeps is of the wanted password: four bytes
 * of salt, then the hash of the salt and the password, all in base64.
 */
function hasPassword({ password, passwordHash }: WantedUser, there: DefinedUser): boolean {
  if (passwordHash) return passwordHash.reveal() === there.password_hash;
  if (!password) return true;
  const kept = Buffer.from(there.password_hash, 'base64');
  const algorithm = there.hashing_algorithm.replace('rabbit_password_hashing_', '');
  if (!['sha256', 'sha512', 'md5'].includes(algorithm)) return false;
  const hash = createHash(algorithm).update(kept.subarray(0, 4)).update(password.reveal()).digest();
  return hash.equals(kept.subarray(4));
}

function limitChanges({ name, limits }: WantedUser, there: DefinedUser | undefined): ObjectChange[] {
  return Object.entries(limits)
    .filter(([limit, value]) => there?.limits?.[limit] !== value)
    .map(([limit, value]) =>
      put(`set ${limit} of user ${name} to ${value}`, `/user-limits/${segment(name)}/${limit}`, () => ({
        value,
      })),
    );
}
