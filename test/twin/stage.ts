/** Everything a scenario may touch on one engine: a fresh vhost, connections, channels, the HTTP API. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Channel, type ChannelModel, type ConfirmChannel, connect, type Options } from 'amqplib';
import type { EngineNode } from '../engines/node.js';
import { RawClient } from './raw-client.js';
import { RecordedChannel } from './recorded-channel.js';
import { Transcript } from './transcript.js';

/** Exchanges of every vhost. */
const builtIn = /^$|^amq\.(?!gen-)/;

export class Stage {
  readonly vhost: string;
  readonly transcript: Transcript;
  private readonly connections: ChannelModel[] = [];
  private readonly channels: RecordedChannel[] = [];
  private readonly raws: RawClient[] = [];

  /** With a vhost of others, that is left empty, and not made or deleted here. */
  constructor(
    readonly node: EngineNode,
    private readonly shared?: string,
    quiet?: number,
  ) {
    this.vhost = shared ?? `twin-${randomUUID()}`;
    const names = [
      [this.vhost, 'VHOST'],
      [node.name, 'NODE'],
      [node.specification.shortName, 'SHORT'],
      [String(node.specification.ports.amqp), 'PORT'],
    ] as const;
    this.transcript = new Transcript(names, quiet);
  }

  async prepare(): Promise<void> {
    const { status } = await this.node.api('PUT', `vhosts/${this.vhost}`);
    if (status !== 201) throw new Error(`${this.node.name} answered ${status} to a new vhost`);
    await this.permit('guest');
  }

  async permit(user: string, permissions = { configure: '.*', write: '.*', read: '.*' }): Promise<void> {
    await this.node.api('PUT', `permissions/${this.vhost}/${user}`, permissions);
  }

  say(label: string, ...values: unknown[]): void {
    this.transcript.say(label, ...values);
  }

  /** A connection that is not written down; its failure is. */
  async connection(options: Options.Connect = {}, socket: object = {}): Promise<ChannelModel | undefined> {
    const { credentials, ...url } = options;
    try {
      const connection = await connect(
        {
          hostname: '127.0.0.1',
          port: this.node.specification.ports.amqp,
          username: 'guest',
          password: 'guest',
          vhost: this.vhost,
          heartbeat: 0,
          ...url,
        },
        { noDelay: true, ...socket, ...(credentials && { credentials }) },
      );
      this.connections.push(connection);
      const number = this.connections.length;
      connection.on('error', (error) => this.say(`connection ${number} error`, error.message));
      return connection;
    } catch (error) {
      this.say('connect ✗', (error as Error).message);
      return undefined;
    }
  }

  /** The same over TLS. `tls` are Node's options. */
  secureConnection(
    tls: object,
    credentials?: Options.Connect['credentials'],
  ): Promise<ChannelModel | undefined> {
    const port = this.node.specification.ports.amqps;
    const options = { protocol: 'amqps', port, ...(credentials && { credentials }) };
    return this.connection(options, tls);
  }

  /** The same for a handshake that each engine fails in its own words. */
  async attemptSecure(tls: object): Promise<ChannelModel | undefined> {
    const { amqps: port } = this.node.specification.ports;
    try {
      return await connect({ hostname: '127.0.0.1', protocol: 'amqps', port, vhost: this.vhost }, tls);
    } catch {
      return undefined;
    }
  }

  /** A channel of the first connection, or of the one given. */
  async channel(connection?: ChannelModel): Promise<RecordedChannel> {
    const model = connection ?? (await this.first());
    return this.record(await model.createChannel());
  }

  async confirmChannel(connection?: ChannelModel): Promise<RecordedChannel> {
    const model = connection ?? (await this.first());
    return this.record(await model.createConfirmChannel());
  }

  /** A channel of the first connection that writes nothing down. */
  async plainConfirmChannel(): Promise<ConfirmChannel> {
    return (await this.first()).createConfirmChannel();
  }

  /** Opens channels one after the other and says which the broker gave. */
  async openChannels(connection: ChannelModel | undefined, count: number): Promise<void> {
    for (let number = 1; number <= count; number += 1) {
      try {
        const channel = await connection!.createChannel();
        channel.on('error', (error) => this.say('channel error', error.message));
        this.say('a channel is open');
      } catch (error) {
        this.say('no channel', (error as Error).message.split(':')[0]);
        return;
      }
    }
    await pause(100);
  }

  /** A client that writes frames as told; no handshake yet. */
  async raw(port = this.node.specification.ports.amqp): Promise<RawClient> {
    const raw = new RawClient(this.transcript, `raw${this.raws.length + 1}`);
    this.raws.push(raw);
    await raw.connect(port);
    return raw;
  }

  /** A raw client over TLS that is through the handshake; undefined when it was not let in. */
  async secureRaw(tls: object, before: Buffer = Buffer.alloc(0)): Promise<RawClient | undefined> {
    const raw = new RawClient(this.transcript, `raw${this.raws.length + 1}`);
    this.raws.push(raw);
    if (!(await raw.connectSecurely(this.node.specification.ports.amqps, tls, before))) return undefined;
    await raw.handshake(this.vhost);
    return raw.isOpen ? raw : undefined;
  }

  /** A raw client with an open channel 1. */
  async rawChannel(): Promise<RawClient> {
    const raw = await this.raw();
    await raw.handshake(this.vhost);
    await raw.openChannel(1);
    return raw;
  }

  /** A call of the HTTP API; only its status is written down. */
  async api(method: string, route: string, body?: unknown): Promise<unknown> {
    const answer = await this.node.api(method, route.replace('VHOST', this.vhost), body);
    this.say(`${method} ${route} →`, answer.status);
    return answer.body;
  }

  pause(milliseconds: number): Promise<void> {
    return pause(milliseconds);
  }

  async finish(): Promise<void> {
    if (this.shared === undefined) await pause(100);
    for (const channel of this.channels) channel.finish();
    if (this.shared === undefined) for (const raw of this.raws) raw.destroy();
    else await Promise.all(this.raws.map((raw) => raw.leave()));
    await Promise.all(this.connections.map((connection) => connection.close().catch(() => {})));
    if (this.shared === undefined) await this.remove();
    else await this.empty();
  }

  /** The vhost and all in it. */
  async remove(): Promise<void> {
    await this.node.api('DELETE', `vhosts/${this.vhost}`);
  }

  private async empty(): Promise<void> {
    const kinds = ['policies', 'operator-policies', 'queues', 'exchanges'];
    await Promise.all(kinds.map((kind) => this.emptyOf(kind)));
  }

  private async emptyOf(kind: string): Promise<void> {
    const { body } = await this.node.api('GET', `${kind}/${this.vhost}`);
    const names = (body as { name: string }[]).map(({ name }) => name).filter((name) => !builtIn.test(name));
    const path = (name: string) => `${kind}/${this.vhost}/${encodeURIComponent(name)}`;
    await Promise.all(names.map((name) => this.node.api('DELETE', path(name))));
  }

  private async first(): Promise<ChannelModel> {
    const connection = this.connections[0] ?? (await this.connection());
    if (!connection) throw new Error(`no connection to ${this.node.name}`);
    return connection;
  }

  private record(channel: Channel | ConfirmChannel): RecordedChannel {
    const recorded = new RecordedChannel(channel, `ch${this.channels.length + 1}`, this.transcript);
    this.channels.push(recorded);
    return recorded;
  }
}
