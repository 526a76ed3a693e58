import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';

/**
 * TLS on a connection that is open, at the latest when the time is up. Whether
 * the certificate is to be trusted is for whoever looks at it: even a wrong one
 * has to be seen.
 */
export async function secured(open: () => Promise<Duplex>, timeoutMs: number): Promise<TLSSocket> {
  const raw = await open();
  return new Promise((resolve, reject) => {
    const socket = connect({ socket: raw, rejectUnauthorized: false, timeout: timeoutMs }, () => {
      socket.setTimeout(0);
      resolve(socket);
    });
    const fail = (error: Error) => {
      socket.destroy();
      raw.destroy();
      reject(error);
    };
    socket.on('timeout', () => fail(new Error(`no answer in ${timeoutMs / 1000} s`)));
    socket.on('error', fail);
    raw.on('error', fail);
  });
}
