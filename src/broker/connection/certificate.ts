/**
 * What a TLS connection and the client's certificate say, in RabbitMQ's words: names as RFC 4514 writes them (the
 * most specific part first), ciphers as Erlang names them.
 */
import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { CertificateLogin } from '../config/node-config.js';

export interface TlsFacts {
  protocol: string;
  keyExchange: string;
  cipher: string;
  hash: string;
  /** Null when the client showed none. */
  certificate: X509Certificate | null;
}

export function tlsFacts(socket: TLSSocket): TlsFacts {
  const protocol = (socket.getProtocol() ?? '').toLowerCase();
  const { standardName } = socket.getCipher() as { standardName: string };
  return { protocol, ...suite(standardName), certificate: socket.getPeerX509Certificate() ?? null };
}

/** `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`, or TLS 1.3's `TLS_AES_128_GCM_SHA256`. */
function suite(name: string): Pick<TlsFacts, 'keyExchange' | 'cipher' | 'hash'> {
  const match = /^TLS_(?:(.+)_WITH_)?(.+?)(?:_(SHA\d*|MD5))?$/.exec(name);
  const [, exchange = 'any', cipher = name, mac = ''] = match ?? [];
  const authenticated = /GCM|CCM|POLY1305/.test(cipher);
  return {
    keyExchange: exchange.toLowerCase(),
    cipher: cipher.toLowerCase(),
    hash: authenticated ? 'aead' : mac.toLowerCase(),
  };
}

export const subjectOf = (certificate: X509Certificate) => distinguished(certificate.subject);
export const issuerOf = (certificate: X509Certificate) => distinguished(certificate.issuer);

export function validityOf({ validFrom, validTo }: X509Certificate): string {
  const time = (text: string) => `${new Date(text).toISOString().slice(0, 19)}Z`;
  return `${time(validFrom)} - ${time(validTo)}`;
}

/** The user that the certificate stands for; null when it has no such name. */
export function userOf(certificate: X509Certificate, login: CertificateLogin): string | null {
  if (login.from === 'distinguished_name') return subjectOf(certificate);
  if (login.from === 'common_name') {
    const names = parts(certificate.subject).filter((part) => part.startsWith('CN='));
    return names.length === 0 ? null : names.map((part) => part.slice(3)).join(',');
  }
  const prefix = { dns: 'DNS:', ip: 'IP Address:', email: 'email:', uri: 'URI:', other_name: 'othername:' };
  const kind = prefix[login.sanType];
  const names = (certificate.subjectAltName ?? '').split(', ').filter((name) => name.startsWith(kind));
  return names[login.sanIndex]?.slice(kind.length) ?? null;
}

const parts = (name: string) => name.split('\n');
const distinguished = (name: string) => parts(name).reverse().join(',');
