/**
 * A connection of the broker's own, without a socket, as RabbitMQ's plugins have them: it is in the listings, owns
 * its exclusive queue, counts against limits and can be closed by an operator.
 */
import { randomBytes } from 'node:crypto';
import type {
  Broker,
  ChannelEntry,
  ChannelFigures,
  ConnectionEntry,
  Principal,
} from '../core/broker-port.js';
import { newChannelCounters } from '../core/counters.js';
import type { ChannelIdentity } from '../core/queue-port.js';

export class DirectConnection implements ConnectionEntry {
  readonly id: string;
  readonly number = 1;
  /** Of its one channel. */
  readonly counters = newChannelCounters();
  readonly traffic = { receivedOctets: 0 };
  readonly output = { octets: 0 };
  consumers = 0;
  readonly #connectedAt: number;
  readonly #channel: ChannelEntry;

  constructor(
    private readonly broker: Broker,
    readonly vhost: string,
    readonly principal: Principal,
    now: number,
    private readonly closed: () => void,
  ) {
    this.#connectedAt = now;
    this.id = `<${broker.node}.${Math.floor(now / 1000)}.${randomBytes(3).readUIntBE(0, 3)}.0>`;
    this.#channel = {
      pid: `${this.id.slice(0, -1)}.1>`,
      number: this.number,
      counters: this.counters,
      info: () => this.#channelInfo(),
      figures: () => this.#channelFigures(),
    };
  }

  get name(): string {
    return this.id;
  }

  get identity(): ChannelIdentity {
    return { node: this.broker.node, connection: this.name, number: this.number, user: this.principal.user };
  }

  *channels(): Iterable<ChannelEntry> {
    yield this.#channel;
  }

  info(): Record<string, unknown> {
    const { user } = this.principal;
    return {
      pid: this.id,
      name: this.name,
      node: this.broker.node,
      type: 'direct',
      protocol: 'Direct 0-9-1',
      user,
      user_who_performed_action: user,
      vhost: this.vhost,
      client_properties: {},
      connected_at: this.#connectedAt,
    };
  }

  close(): void {
    this.closed();
  }

  /** It publishes nothing. */
  block(): void {}

  #channelInfo(): Record<string, unknown> {
    const { user } = this.principal;
    return {
      pid: this.#channel.pid,
      connection: this.id,
      name: `${this.name} (${this.number})`,
      number: this.number,
      user,
      user_who_performed_action: user,
      vhost: this.vhost,
      node: this.broker.node,
      transactional: false,
      confirm: false,
      ...this.#channelFigures(),
      pending_raft_commands: 0,
      state: 'running',
      message_stats: { deliver_no_ack: this.counters.deliverNoAck, deliver_get: this.counters.deliverNoAck },
      connection_details: { name: this.name, peer_host: 'undefined', peer_port: 'undefined' },
    };
  }
  #channelFigures(): ChannelFigures {
    return {
      consumer_count: this.consumers,
      messages_unacknowledged: 0,
      messages_unconfirmed: 0,
      messages_uncommitted: 0,
      acks_uncommitted: 0,
      prefetch_count: 0,
      global_prefetch_count: 0,
    };
  }
}
