import { createHmac } from 'node:crypto';

/**
 * The lines of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT): names
 * as they are, with `*`, `?` and `!`, or hashed; `[name]:port` where the port is
 * not 22; `@revoked` for keys that nobody may show any more. Certificates are
 * not used, so `@cert-authority` says nothing here.
 */
export interface KnownKey {
  readonly file: string;
  readonly line: number;
  readonly revoked: boolean;
  readonly type: string;
  readonly key: Buffer;
  readonly names: string;
}

export type Verdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'changed' | 'revoked'; readonly file: string; readonly line: number };

export function readKnownHosts(text: string, file: string): KnownKey[] {
  return text.split('\n').flatMap((written, at) => {
    const words = written.trim().split(/\s+/);
    const marker = words[0]?.startsWith('@') ? words.shift() : undefined;
    const [names, type, key] = words;
    if (!names || names.startsWith('#') || !type || !key) return [];
    if (marker !== undefined && marker !== '@revoked') return [];
    return [
      { file, line: at + 1, revoked: marker === '@revoked', type, key: Buffer.from(key, 'base64'), names },
    ];
  });
}

/** As the file names a machine: with the port only where it is not 22. */
export function knownName(address: string, port: number): string {
  return port === 22 ? address : `[${address}]:${port}`;
}

export function keysOf(known: readonly KnownKey[], name: string): KnownKey[] {
  return known.filter(({ names }) => matches(names, name));
}

/**
 * Any known key that is the one shown will do. A name whose keys are all others
 * counts as changed even if they are of other types: whoever sits in between
 * chooses the type that he shows.
 */
export function judge(known: readonly KnownKey[], name: string, shown: Buffer): Verdict {
  const named = keysOf(known, name);
  const revoked = named.find((one) => one.revoked && one.key.equals(shown));
  if (revoked) return { kind: 'revoked', file: revoked.file, line: revoked.line };
  const valid = named.filter((one) => !one.revoked);
  if (valid.some((one) => one.key.equals(shown))) return { kind: 'known' };
  const type = typeOf(shown);
  const other = valid.find((one) => one.type === type) ?? valid[0];
  return other ? { kind: 'changed', file: other.file, line: other.line } : { kind: 'unknown' };
}

/** A public key begins with the name of its type (RFC 4253 § 6.6). */
export function typeOf(key: Buffer): string {
  return key.length < 4 ? '' : key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
}

function matches(names: string, name: string): boolean {
  if (names.startsWith('|')) return hashed(names, name);
  const patterns = names.split(',');
  if (patterns.some((pattern) => pattern.startsWith('!') && wildcard(pattern.slice(1), name))) return false;
  return patterns.some((pattern) => wildcard(pattern, name));
}

function hashed(names: string, name: string): boolean {
  const [, version, salt, hash] = names.split('|');
  if (version !== '1' || !salt || !hash) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name.toLowerCase()).digest('base64') === hash;
}

function wildcard(pattern: string, name: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern.toLowerCase() === name.toLowerCase();
  const parts = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${parts}$`, 'i').test(name);
}
