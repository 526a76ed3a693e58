/** The options of rabbitmq.conf as Node's TLS wants them. */
import { constants } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SecureVersion, TlsOptions as ServerOptions, TLSSocket } from 'node:tls';
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
    ...(options.renegotiation ? {} : { secureOptions: constants.SSL_OP_NO_RENEGOTIATION }),
    ...(ciphers.length === 0 ? {} : { ciphers: ciphers.join(':') }),
    ...(order.length === 0 ? {} : { minVersion: names[order[0]!]!, maxVersion: names[order.at(-1)!]! }),
  };
}

/** Why the client's certificate does not do, once the handshake is done; null when it does. */
export function distrust(socket: TLSSocket, { verify, failIfNoPeerCert }: TlsOptions): string | null {
  if (!verify) return null;
  if (socket.getPeerX509Certificate() === undefined) {
    return failIfNoPeerCert ? 'the client presented no certificate' : null;
  }
  return socket.authorized ? null : `the client's certificate is not trusted: ${socket.authorizationError}`;
}
