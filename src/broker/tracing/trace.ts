/**
 * One trace: an exclusive queue on a connection of its own, bound to amq.rabbitmq.trace by the trace's pattern,
 * and a consumer of it that writes what comes into the log. It ends when somebody stops it, closes its
 * connection or deletes its queue or virtual host.
 */
import { randomBytes } from 'node:crypto';
import type { Broker, VirtualHost } from '../core/broker-port.js';
import type { Message } from '../core/message.js';
import type { ChannelIdentity, Consumer, Queue } from '../core/queue-port.js';
import { TRACE_EXCHANGE } from '../core/vhost/tracer.js';
import { DirectConnection } from './direct-connection.js';
import { type LogFormat, logText } from './log-text.js';
import type { TraceLog } from './trace-log.js';
import { traceRecord } from './trace-record.js';

export interface TraceOptions {
  broker: Broker;
  vhost: string;
  login: { username: string; password: string };
  pattern: string;
  format: LogFormat;
  maxPayloadBytes: number | null;
  log: TraceLog;
  now(): number;
  /** Told once, when it ended without having been asked to. */
  ended(): void;
}

export class Trace {
  #queue: Queue | null = null;
  readonly #consumer: LogConsumer;
  #stopped = false;

  /** Rejects with what kept it from starting; nothing is left then. */
  static async start(options: TraceOptions): Promise<Trace> {
    const { broker, vhost, login } = options;
    const principal = broker.authenticate({
      mechanism: 'PLAIN',
      user: login.username,
      password: login.password,
      peer: '127.0.0.1',
      protocol: null,
    });
    const host = broker.openVhost(vhost, principal);
    await options.log.open();
    const trace: Trace = new Trace(
      options,
      new DirectConnection(broker, vhost, principal, options.now(), () => trace.#end()),
    );
    broker.register(trace.connection);
    try {
      await trace.#subscribe(host);
    } catch (error) {
      await broker.unregister(trace.connection);
      throw error;
    }
    return trace;
  }

  private constructor(
    private readonly options: TraceOptions,
    private readonly connection: DirectConnection,
  ) {
    this.#consumer = new LogConsumer(options, connection, () => this.#end());
  }

  get queue(): string | null {
    return this.#queue?.row.name ?? null;
  }

  /** Resolves when all that came is in the log. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    const queue = this.#queue;
    await queue?.cancel(this.#consumer);
    this.#consumer.close();
    await this.options.broker.unregister(this.connection);
    await this.options.log.flush();
  }

  #end(): void {
    if (this.#stopped) return;
    void this.stop();
    this.options.ended();
  }

  async #subscribe(host: VirtualHost): Promise<void> {
    const by = { principal: this.connection.principal, connection: this.connection.id };
    const { name } = await host.declareQueue(queueDeclaration, by);
    await host.bind(
      {
        source: TRACE_EXCHANGE,
        destination: name,
        destinationKind: 'queue',
        routingKey: this.options.pattern,
        arguments: [],
      },
      by,
    );
    this.#queue = host.readableQueue(name, by);
    this.#consumer.reads(this.#queue);
    await this.#queue.consume(this.#consumer);
    this.connection.consumers = 1;
  }
}

const queueDeclaration = {
  name: '',
  passive: false,
  durable: false,
  exclusive: true,
  autoDelete: false,
  arguments: [],
};

class LogConsumer implements Consumer {
  readonly tag = `amq.ctag-${randomBytes(16).toString('base64url')}`;
  readonly noAck = true;
  readonly exclusive = false;
  readonly priority = 0;
  readonly prefetch = 0;
  readonly arguments = [];
  readonly channel: ChannelIdentity;
  /** Ends the wait for room in the log. */
  close: () => void = () => {};

  constructor(
    private readonly options: TraceOptions,
    private readonly connection: DirectConnection,
    private readonly ended: () => void,
  ) {
    this.channel = connection.identity;
  }

  reads(queue: Queue): void {
    this.close = this.options.log.onRoom(() => queue.resume(this));
  }

  get ready(): boolean {
    return !this.options.log.full;
  }

  deliver(_queue: Queue, _position: number, message: Message): void {
    this.connection.counters.deliverNoAck++;
    const { format, maxPayloadBytes, log, now } = this.options;
    const record = traceRecord(message, maxPayloadBytes ?? Number.POSITIVE_INFINITY);
    if (record !== null) log.append(logText(format, record, new Date(now())));
  }

  cancelled(): void {
    this.ended();
  }
}
