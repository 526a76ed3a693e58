import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate with its private key, as their PEM texts have them. */
export interface Pair {
  readonly leaf: X509Certificate;
  /** What comes after it: those by which it leads to its CA. */
  readonly chain: readonly X509Certificate[];
  readonly cas: readonly X509Certificate[];
}

export type Fault =
  | { readonly kind: 'certificate' | 'ca' | 'key'; readonly reason: string }
  | { readonly kind: 'key-encrypted' | 'key-misfit' };

/** Reads both; what makes them useless to a server is a fault, with the first of all told. */
export function readPair(texts: {
  readonly certificate: string;
  readonly key: string;
  readonly ca?: string | undefined;
}): Pair | Fault {
  const [certificates, cas] = [certificatesIn(texts.certificate), certificatesIn(texts.ca ?? '')];
  if (typeof certificates === 'string') return { kind: 'certificate', reason: certificates };
  if (typeof cas === 'string') return { kind: 'ca', reason: cas };
  const [leaf, ...chain] = certificates;
  if (!leaf) return { kind: 'certificate', reason: 'no certificate is in it' };
  if (texts.ca !== undefined && cas.length === 0) return { kind: 'ca', reason: 'no certificate is in it' };
  if (/ENCRYPTED/.test(texts.key)) return { kind: 'key-encrypted' };
  const key = keyIn(texts.key);
  if (typeof key === 'string') return { kind: 'key', reason: key };
  return leaf.checkPrivateKey(key) ? { leaf, chain, cas } : { kind: 'key-misfit' };
}

/** Whether one who trusts the CAs trusts the certificate, by those that come after it. */
export function leadsToCa({ leaf, chain, cas }: Pair): boolean {
  const signs = (issuer: X509Certificate, one: X509Certificate) =>
    one.checkIssued(issuer) && one.verify(issuer.publicKey);
  let last = leaf;
  for (let left = chain.length; left >= 0; left--) {
    const now = last;
    if (cas.some((ca) => signs(ca, now) || ca.fingerprint256 === now.fingerprint256)) return true;
    const next = chain.find((one) => one !== now && signs(one, now));
    if (!next) return false;
    last = next;
  }
  return false;
}

/** Whether a client that goes to this name or address finds it in the certificate. */
export function isFor({ leaf }: Pair, word: string): boolean {
  return (isIP(word) ? leaf.checkIP(word) : leaf.checkHost(word)) !== undefined;
}

/** Of whom it is and for which names, in a line. */
export function namesIn({ leaf }: Pair): string {
  const names = leaf.subjectAltName?.replace(/\b(DNS|IP Address):/g, '');
  return names ?? /^CN=(.+)$/m.exec(leaf.subject)?.[1] ?? leaf.subject.replaceAll('\n', ', ');
}

const block = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs;

function certificatesIn(pem: string): X509Certificate[] | string {
  try {
    return (pem.match(block) ?? []).map((one) => new X509Certificate(one));
  } catch (error) {
    return (error as Error).message;
  }
}

/** What OpenSSL says of a text that is none may hold part of it: it is not passed on. */
function keyIn(pem: string): KeyObject | string {
  try {
    return createPrivateKey(pem);
  } catch {
    return 'no private key in PEM form is in it';
  }
}
