/**
 * The HTTP listeners of a plugin, plain and with TLS. Suspended, they take no requests and keep their ports in
 * mind; a listener that cannot open closes those that did.
 */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Listener, OpenListener, WebListeners } from '../config/node-config.js';
import { distrust, tlsFiles } from '../config/tls-files.js';

/** Who does not send a whole request in this time is not heard; bodies have their own bound. */
const bounds = { headersTimeout: 10_000, requestTimeout: 120_000 };
/** More sockets than any page and any monitor need; AMQP's are counted apart. */
const mostSockets = 4_096;
/** Requests that are worked on, or whose answer is not taken yet: each may hold a large answer in memory. */
const mostRequests = 256;
/** Milliseconds for the far side to take an answer. */
const taken = 120_000;

export class HttpListeners {
  readonly #servers: { server: Server | SecureServer; at: Listener }[] = [];
  readonly #open: OpenListener[] = [];

  #requests = 0;

  constructor(private readonly answer: RequestListener) {}

  /** As `rabbitmqctl status` shows them. */
  get open(): readonly OpenListener[] {
    return this.#open;
  }

  /** Resolves when requests are taken; rejects with the socket's error (EADDRINUSE …). */
  async listen({ listeners, ssl, tls }: WebListeners, [plain, secure]: [string, string]): Promise<void> {
    try {
      for (const at of listeners) {
        const port = await this.#listen(createServer(bounds, this.#bounded), at);
        this.#open.push({ protocol: plain, address: at.address, port });
      }
      for (const at of tls === null ? [] : ssl) {
        const options = tls as NonNullable<typeof tls>;
        const server = createSecureServer({ ...bounds, ...tlsFiles(options) }, this.#bounded);
        server.on('secureConnection', (socket) => {
          if (distrust(socket, options) !== null) socket.destroy();
        });
        const port = await this.#listen(server, at);
        this.#open.push({ protocol: secure, address: at.address, port, tls: options });
      }
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async suspend(): Promise<void> {
    await Promise.all(this.#servers.map(({ server }) => closed(server)));
  }

  async resume(): Promise<void> {
    const suspended = this.#servers.filter(({ server }) => !server.listening);
    await Promise.all(suspended.map(({ server, at }) => listening(server, at)));
  }

  async close(): Promise<void> {
    this.#open.length = 0;
    await Promise.all(this.#servers.splice(0).map(({ server }) => closed(server)));
  }

  readonly #bounded: RequestListener = (request, response) => {
    if (this.#requests >= mostRequests) {
      response.writeHead(503, { 'retry-after': '1', connection: 'close' }).end();
      return;
    }
    this.#requests += 1;
    response.once('close', () => {
      this.#requests -= 1;
    });
    dropUnlessTaken(response);
    void this.answer(request, response);
  };

  #listen(server: Server | SecureServer, at: Listener): Promise<number> {
    server.maxConnections = mostSockets;
    const bound = listening(server, at);
    this.#servers.push({ server, at });
    return bound;
  }
}

function dropUnlessTaken(response: ServerResponse): void {
  response.once('prefinish', () => {
    const late = setTimeout(() => response.destroy(), taken).unref();
    response.once('close', () => clearTimeout(late));
  });
}

function listening(server: Server | SecureServer, { address, port }: Listener): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function closed(server: Server | SecureServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
