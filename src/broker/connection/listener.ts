/**
 * Accepts AMQP connections on the configured addresses and keeps them until they end.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Listener, NodeConfig } from '../config/node-config.js';
import type { Broker } from '../core/broker-port.js';
import type { Message } from '../core/message.js';
import type { Clock, Logger } from '../core/ports.js';
import { Connection } from './connection.js';
import type { ConnectionContext } from './context.js';
import { FlushLoop } from './flush-loop.js';
import { type RemoteReplies, Replies } from './replies.js';
import { type Product, serverProperties } from './server-properties.js';

export interface AmqpListenerOptions {
  broker: Broker;
  config: NodeConfig;
  clock: Clock;
  logger: Logger;
  product: Product;
  clusterName(): string;
  /** Direct reply-to on other nodes; absent on a node alone. */
  replies?: RemoteReplies;
}

/** Octets read from a socket at most before its frames are handled. */
const readSize = 64 * 1024;

export class AmqpListener {
  readonly #context: ConnectionContext;
  readonly #replies: Replies;
  readonly #servers: Server[] = [];
  readonly #connections = new Set<Connection>();
  #serial = 0;
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
    for (const address of this.options.config.amqp.listeners) await this.#bind(address);
  }

  /** The addresses in use, with the real port where 0 was configured. */
  addresses(): Listener[] {
    return this.#servers.flatMap((server) => {
      const bound = server.address();
      return bound !== null && typeof bound === 'object'
        ? [{ address: bound.address, port: bound.port }]
        : [];
    });
  }

  /** Serves one connection that something else accepted. */
  serve(stream: Duplex): void {
    const connection = new Connection(stream, this.#context, ++this.#serial, (ended) => this.#ended(ended));
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
    const closed = this.#servers.splice(0).map((server) => new Promise((done) => server.close(done)));
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

  async #bind({ address, port }: Listener): Promise<void> {
    const server = createServer({ noDelay: true, highWaterMark: readSize }, (socket: Socket) =>
      this.serve(socket),
    );
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: address, port }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.#servers.push(server);
  }
}

/** Milliseconds that clients have to answer connection.close when the node stops. */
const patience = 1000;
