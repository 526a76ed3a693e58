/**
 * TLS on a socket that was accepted in clear, so that a PROXY header may come before the handshake. Node looks at
 * the client's certificate when the handshake is done: one that is not trusted, or is missing where it must not
 * be, ends the connection without an alert.
 */
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { TlsOptions } from '../config/node-config.js';
import { distrust, tlsFiles } from '../config/tls-files.js';

/**
 * A server that never listens: it is handed sockets (`emit('connection', socket)`) and hands on those whose
 * handshake succeeded, in time.
 */
export function tlsServer(
  options: TlsOptions,
  accepted: (socket: TLSSocket) => void,
  refused: (problem: string) => void,
): Server {
  const { handshakeTimeout } = options;
  const server = createServer({ ...tlsFiles(options), handshakeTimeout });
  server.on('secureConnection', (socket) => {
    const problem = distrust(socket, options);
    if (problem === null) accepted(socket);
    else {
      refused(problem);
      socket.destroy();
    }
  });
  server.on('tlsClientError', (error, socket) => {
    refused(error.message);
    // Node leaves a socket open whose handshake took too long.
    socket.destroy();
  });
  return server;
}
