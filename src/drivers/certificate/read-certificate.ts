import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { WarrenError } from '../../errors/warren-error.js';

/** The certificate that a TLS listener shows. */
export interface Certificate {
  readonly subject: string;
  readonly expiresAt: number;
}

/**
 * Asks a listener for its certificate and hangs up. Whether it is to be trusted
 * is for its clients to judge: here even an expired one has to be seen.
 */
export async function readCertificate(
  open: () => Promise<Duplex>,
  { where, patienceMs }: { readonly where: string; readonly patienceMs: number },
): Promise<Certificate> {
  const raw = await open();
  return new Promise((resolve, reject) => {
    const fail = (reason: string, cause?: unknown) => {
      done();
      reject(WarrenError.of('CERTIFICATE_UNREADABLE', { where, reason }, { cause }));
    };
    const timer = setTimeout(() => fail(`no answer in ${patienceMs / 1000} s`), patienceMs);
    const socket = connect({ socket: raw, rejectUnauthorized: false }, () => {
      const { subject, valid_to: until } = socket.getPeerCertificate();
      if (!until) return fail('it shows none');
      done();
      resolve({ subject: String(subject?.CN ?? subject?.O ?? where), expiresAt: Date.parse(until) });
    });
    const done = () => {
      clearTimeout(timer);
      socket.destroy();
      raw.destroy();
    };
    socket.on('error', (error) => fail(error.message, error));
    raw.on('error', (error) => fail(error.message, error));
  });
}

/** A plain connection from this machine. */
export function direct(host: string, port: number): () => Promise<Duplex> {
  return () =>
    new Promise((resolve, reject) => {
      const socket = connectTcp(port, host);
      socket.once('connect', () => resolve(socket));
      socket.once('error', reject);
    });
}
