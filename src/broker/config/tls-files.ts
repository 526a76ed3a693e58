/** The options of rabbitmq.conf as Node's TLS wants them. */
import { constants } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type {
  DetailedPeerCertificate,
  SecureVersion,
  TlsOptions as ServerOptions,
  TLSSocket,
} from 'node:tls';
import type { TlsOptions } from './node-config.js';

const names: Record<string, SecureVersion> = {
  tlsv1: 'TLSv1',
  'tlsv1.1': 'TLSv1.1',
  'tlsv1.2': 'TLSv1.2',
  'tlsv1.3': 'TLSv1.3',
};

/** For a server, which is to ask `distrust` about each client. Throws the system's or OpenSSL's error about a file. */
export function tlsFiles(options: TlsOptions): ServerOptions {
  const { cacertfile, certfile, keyfile, password, ciphers, honorCipherOrder, versions, dhfile } = options;
  const order = Object.keys(names).filter((name) => versions.includes(name));
  return {
    cert: readFileSync(certfile),
    key: readFileSync(keyfile),
    honorCipherOrder,
    requestCert: options.verify,
    rejectUnauthorized: false,
    ...(cacertfile === null ? {} : { ca: readFileSync(cacertfile) }),
    ...(password === null ? {} : { passphrase: password }),
    ...(dhfile === null ? {} : { dhparam: readFileSync(dhfile) }),
    secureOptions: secureOptions(options),
    ...(ciphers.length === 0 ? {} : { ciphers: ciphers.join(':') }),
    ...(order.length === 0 ? {} : { minVersion: names[order[0]!]!, maxVersion: names[order.at(-1)!]! }),
  };
}

/** What is seen of a session that is taken up again is the client's certificate alone, not what stands above it. */
function secureOptions({ renegotiation, verify }: TlsOptions): number {
  return (renegotiation ? 0 : constants.SSL_OP_NO_RENEGOTIATION) | (verify ? constants.SSL_OP_NO_TICKET : 0);
}

/** Why the client's certificate does not do, once the handshake is done; null when it does. */
export function distrust(socket: TLSSocket, { verify, failIfNoPeerCert, depth }: TlsOptions): string | null {
  if (!verify) return null;
  // Asked first: Node forgets the chain once it has told the client's own certificate.
  const certificate = socket.getPeerCertificate(true);
  if (Object.keys(certificate).length === 0) {
    return failIfNoPeerCert ? 'the client presented no certificate' : null;
  }
  if (!socket.authorized) return `the client's certificate is not trusted: ${socket.authorizationError}`;
  const between = authoritiesBetween(certificate);
  return between <= depth
    ? null
    : `${between} authorities stand between the client's certificate and the root: more than depth, ${depth}`;
}

/** Those of a trusted chain that did not issue themselves, besides the client's own certificate (RFC 5280, 6.1). */
function authoritiesBetween({ issuerCertificate: issuer }: DetailedPeerCertificate): number {
  if (issuer === undefined || issuer.issuerCertificate === issuer) return 0;
  return 1 + authoritiesBetween(issuer);
}
