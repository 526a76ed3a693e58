/**
 * Accepts AMQP connections on the configured addresses and keeps them until they end. What stands between a socket
 * and a connection is done first: the PROXY header, then TLS.
 */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Listener, NodeConfig, TlsOptions } from '../config/node-config.js';
import type { Broker } from '../core/broker-port.js';
import type { Message } from '../core/message.js';
import type { Clock, Logger } from '../core/ports.js';
import { tlsFacts } from './certificate.js';
import { Connection } from './connection.js';
import type { ConnectionContext } from './context.js';
import { connectionName, type Ends, endsOf } from './ends.js';
import { FlushLoop } from './flush-loop.js';
import type { Origin } from './origin.js';
import { readProxyHeader } from './proxy-header.js';
import { type RemoteReplies, Replies } from './replies.js';
import { type Product, serverProperties } from './server-properties.js';
import { tlsServer } from './tls.js';

export interface AmqpListenerOptions {
  broker: Broker;
  config: NodeConfig;
  clock: Clock;
  logger: Logger;
  product: Product;
  clusterName(): string;
  /** Direct reply-to on other nodes; absent on a node alone. */
  replies?: RemoteReplies;
  /** At all addresses together; absent: as many as come. */
  mostConnections?: number;
}

/** An address, whether it is open or not, and what becomes of those who come in. */
interface Door {
  readonly secure: boolean;
  readonly at: Listener;
  readonly server: Server;
}

/** Octets read from a socket at most before its frames are handled. */
const readSize = 64 * 1024;

export class AmqpListener {
  readonly #context: ConnectionContext;
  readonly #replies: Replies;
  readonly #doors: Door[] = [];
  readonly #connections = new Set<Connection>();
  #serial = 0;
  #sockets = 0;
  #whenEmpty: (() => void) | null = null;

  constructor(private readonly options: AmqpListenerOptions) {
    const { broker, config, clock, logger } = options;
    const creation = Math.floor(clock.now() / 1000);
    this.#replies = new Replies(broker.node, options.replies ?? null);
    this.#context = {
      broker,
      config,
      clock,
      logger,
      flushLoop: new FlushLoop(),
      replies: this.#replies,
      pidOf: (serial, part) => `<${broker.node}.${creation}.${serial}.${part}>`,
      serverProperties: () => serverProperties(options.product, options.clusterName()),
    };
  }

  /** Resolves when every address is bound; rejects with the system's error (EADDRINUSE …) of the first that is not. */
  async listen(): Promise<void> {
    const { listeners, ssl, tls } = this.options.config.amqp;
    for (const address of listeners) await this.#bind(address, false, (...from) => this.serve(...from));
    if (tls === null || ssl.length === 0) return;
    const secured = this.#securing(tls);
    for (const address of ssl) await this.#bind(address, true, secured);
  }

  /** Nobody comes in any more; who is in stays. */
  suspend(): void {
    for (const { server } of this.#doors) if (server.listening) server.close();
  }
  async resume(): Promise<void> {
    for (const { server, at } of this.#doors) if (!server.listening) await opened(server, at);
  }

  /** The addresses in use, with the real port where 0 was configured. */
  addresses(): Listener[] {
    return this.#doors.filter(({ secure }) => !secure).map(({ at }) => at);
  }
  secureAddresses(): Listener[] {
    return this.#doors.filter(({ secure }) => secure).map(({ at }) => at);
  }

  /** Serves one connection that something else accepted. */
  serve(stream: Duplex, ends: Ends = endsOf(stream), tls: Origin['tls'] = null): void {
    const origin = { ends, tls, peer: endsOf(stream).peerHost };
    const serial = ++this.#serial;
    const connection = new Connection(stream, origin, this.#context, serial, (ended) => this.#ended(ended));
    this.#connections.add(connection);
  }

  /** A direct reply that came from another node. */
  deliverReply(key: string, message: Message): void {
    this.#replies.deliverLocal(key, message);
  }
  replyExists(key: string): boolean {
    return this.#replies.existsLocal(key);
  }

  /** Stops accepting, closes every connection with 320 and the reason; clients that do not answer are dropped. */
  async close(reason: string): Promise<void> {
    const closed = this.#doors.splice(0).map(({ server }) => new Promise((done) => server.close(done)));
    for (const connection of this.#connections) connection.close(reason);
    if (this.#connections.size > 0) {
      const cancel = this.options.clock.after(patience, () => this.#drop());
      await new Promise<void>((resolve) => {
        this.#whenEmpty = resolve;
      });
      cancel();
    }
    await Promise.all(closed);
  }

  #drop(): void {
    for (const connection of this.#connections) connection.destroy();
  }

  #ended(connection: Connection): void {
    this.#connections.delete(connection);
    if (this.#connections.size === 0) this.#whenEmpty?.();
  }

  async #bind(at: Listener, secure: boolean, accept: (socket: Socket, ends: Ends) => void): Promise<void> {
    const { proxyProtocol } = this.options.config.amqp;
    const server = createServer({ noDelay: true, highWaterMark: readSize }, (socket: Socket) => {
      if (!this.#hasRoom(socket)) return;
      if (proxyProtocol) this.#behindProxy(socket, accept);
      else accept(socket, endsOf(socket));
    });
    this.#doors.push({ server, secure, at: await opened(server, at) });
  }

  /** Of all addresses together. One too many is closed at once; RabbitMQ lets it wait, and it learns nothing. */
  #hasRoom(socket: Socket): boolean {
    const { mostConnections = Number.POSITIVE_INFINITY, logger } = this.options;
    if (this.#sockets < mostConnections) {
      this.#sockets += 1;
      socket.once('close', () => {
        this.#sockets -= 1;
      });
      return true;
    }
    logger.error(
      `closed a connection from ${endsOf(socket).peerHost}: ${mostConnections} are open, and the rest of the files that ` +
        'this node may have open (ulimit -n) is kept for its data',
    );
    socket.on('error', () => {}).destroy();
    return false;
  }

  #behindProxy(socket: Socket, accept: (socket: Socket, ends: Ends) => void): void {
    const { clock, config, logger } = this.options;
    const ignored = () => {};
    socket.on('error', ignored);
    const cancel = clock.after(config.handshakeTimeout, () => socket.destroy());
    readProxyHeader(socket, (ends) => {
      cancel();
      socket.off('error', ignored);
      if (ends !== null) return accept(socket, ends);
      logger.error(
        `connection from ${endsOf(socket).peerHost} did not start with a PROXY header of an address`,
      );
      socket.on('error', ignored).destroy();
    });
  }

  /** Sockets come out of the handshake with their own ends only: those that a proxy told wait for them by port. */
  #securing(options: TlsOptions): (socket: Socket, ends: Ends) => void {
    const told = new Map<string, Ends>();
    const { logger } = this.options;
    const server = tlsServer(
      options,
      (socket) => this.serve(socket, told.get(connectionName(endsOf(socket))), tlsFacts(socket)),
      (problem) => logger.warning(`TLS server: a handshake failed: ${problem}`),
    );
    return (socket, ends) => {
      const name = connectionName(endsOf(socket));
      told.set(name, ends);
      socket.once('close', () => told.delete(name));
      server.emit('connection', socket);
    };
  }
}

/** Resolves with what it is bound to: the real port where 0 was asked for. */
function opened(server: Server, { address, port }: Listener): Promise<Listener> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port }, () => {
      server.off('error', reject);
      const bound = server.address() as AddressInfo;
      resolve({ address: bound.address, port: bound.port });
    });
  });
}

/** Milliseconds that clients have to answer connection.close when the node stops. */
const patience = 1000;
