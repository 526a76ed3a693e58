/**
 * One AMQP connection: reads frames, hands them to the handshake (channel 0) or to their channels, and ends it.
 * States are RabbitMQ's: pre_init (no protocol header yet), starting, securing, tuning, opening, running,
 * closing (the client closes), closed (a close method was exchanged or is awaited; whatever comes is dropped).
 * An error after the handshake is told with connection.close and close-ok is awaited; during the handshake the
 * client is not trusted: RabbitMQ stays silent for three seconds and drops it, and so do we.
 */
import type { Duplex } from 'node:stream';
import type { ChannelEntry, ConnectionEntry, Principal, VirtualHost } from '../core/broker-port.js';
import { AmqpError } from '../protocol/amqp-error.js';
import type { FieldTable } from '../protocol/field-table.js';
import { frameType, heartbeatFrame, smallestFrameMax } from '../protocol/frame.js';
import { FrameReader, type FrameSink } from '../protocol/frame-reader.js';
import { encodeMethod } from '../protocol/method-codec.js';
import type { Arguments, MethodName } from '../protocol/methods.js';
import { Blocking } from './blocking.js';
import { Channel } from './channel.js';
import { connectionInfo } from './connection-info.js';
import { logAccepted, logFault, logGivenUp, logLeft, logRefusal } from './connection-log.js';
import type { ConnectionContext } from './context.js';
import { watchDeliveries } from './delivery-timeout.js';
import { connectionName } from './ends.js';
import { cutText, frameProblem, frameTooLarge, isMalformedUtf8, wrongFrameEnd } from './frame-problems.js';
import { startHeartbeat } from './heartbeat.js';
import { connectionMethod, start } from './methods/connection.js';
import type { Origin } from './origin.js';
import { Output } from './output.js';
import { protocolHeader, protocolHeaderSize, versionOf } from './protocol-header.js';
import { Reading } from './reading.js';

type State = 'pre_init' | 'starting' | 'securing' | 'tuning' | 'opening' | 'running' | 'closing' | 'closed';

/** Milliseconds that a client is kept waiting which failed in the handshake or lost the frame boundaries. */
const silence = 3000;
/** Seconds that close-ok is awaited at most. */
const longestClosing = 30;

export class Connection implements ConnectionEntry, FrameSink {
  state: State = 'pre_init';
  readonly id: string;
  readonly name: string;
  readonly output: Output;
  readonly connectedAt: number;
  readonly traffic = { receivedOctets: 0, reads: 0 };
  readonly capabilities = new Set<string>();
  clientProperties: FieldTable = [];
  mechanism = '';
  principal: Principal = { user: '', tags: [] };
  virtualHost!: VirtualHost;
  vhost = '';
  frameMax = smallestFrameMax;
  channelMax = 0;
  heartbeat = 0;
  channelCount = 0;
  readonly #channels: (Channel | undefined)[] = [];
  readonly #reader: FrameReader;
  readonly reading: Reading;
  readonly #blocking: Blocking;
  #header: Buffer = Buffer.alloc(0);
  #settled: Channel[] = [];
  #enlisted = false;
  #registered = false;
  #ended = false;
  #gone = false;
  #cancelTimer: () => void;
  #stopHeartbeat: () => void = () => {};
  #stopWatching: () => void = () => {};
  readonly ignored = (error: unknown): void => {
    if (!(error instanceof AmqpError)) logFault(this, error);
  };

  constructor(
    private readonly stream: Duplex,
    readonly origin: Origin,
    readonly context: ConnectionContext,
    readonly serial: number,
    private readonly onEnd: (connection: Connection) => void,
  ) {
    this.name = connectionName(origin.ends);
    this.id = context.pidOf(serial, 0);
    this.connectedAt = context.clock.now();
    const enlist = () => this.#enlist();
    this.output = new Output(stream, context.flushLoop, enlist, () => this.#drained());
    this.#reader = new FrameReader(this, smallestFrameMax);
    this.reading = new Reading(stream, this.#reader);
    this.#blocking = new Blocking(this, this.reading);
    this.#cancelTimer = context.clock.after(context.config.handshakeTimeout, () => this.#handshakeTimeout());
    stream.on('data', (chunk: Buffer) => this.#data(chunk));
    stream.on('end', () => this.#clientGone());
    stream.on('error', () => stream.destroy());
    stream.on('close', () => this.#clientGone());
  }

  info(): Record<string, unknown> {
    return connectionInfo(this);
  }
  channels(): Iterable<ChannelEntry> {
    return this.#channels.filter((channel) => channel !== undefined);
  }
  get shownState(): string {
    return this.state === 'running' ? this.#blocking.shownState : this.state;
  }

  close(reason: string): void {
    if (this.state === 'running') this.failed(new AmqpError('CONNECTION_FORCED', reason), null, 0);
    else this.end();
  }

  block(reason: string | null): void {
    this.#guarded(() => this.#blocking.changed(reason));
  }

  send<N extends MethodName>(name: N, args: Partial<Arguments<N>> = {}): void {
    this.output.write(encodeMethod(0, name, args));
  }

  frame(type: number, number: number, bytes: Buffer, start: number, end: number): boolean {
    if (number !== 0 && this.state === 'running') {
      const channel = this.#channels[number] ?? this.#open(number);
      if (channel !== null) this.channelFrame(channel, type, bytes, start, end);
    } else if (number === 0) this.#frame0(type, bytes, start, end);
    else if (!this.stopping) this.failed(frameProblem(type, bytes, start, end), null, 0);
    return !this.#ended;
  }

  channelFrame(channel: Channel, type: number, bytes: Buffer, start: number, end: number): void {
    try {
      if (type === frameType.method ? end - start < 4 : type !== frameType.body) {
        if (type !== frameType.header || end - start < 12) {
          this.failed(frameProblem(type, bytes, start, end), null, 0);
          return;
        }
        if (this.#blocking.alarm || this.context.broker.flow.stopped) this.#blocking.publishing();
      }
      channel.frame(type, bytes, start, end);
    } catch (error) {
      this.failed(error, channel, channel.current);
    }
  }

  frameTooLarge(type: number, _channel: number, size: number): void {
    this.failed(frameTooLarge(type, size, this.frameMax), null, 0);
    this.#timer(silence, () => this.end());
  }

  badFrameEnd(
    type: number,
    _channel: number,
    bytes: Buffer,
    start: number,
    end: number,
    octet: number,
  ): void {
    this.failed(wrongFrameEnd(type, bytes, start, end, octet), null, 0);
    this.#timer(silence, () => this.end());
  }

  /** The one place where a refusal becomes channel.close or connection.close. */
  failed(error: unknown, channel: Channel | null, methodId: number): void {
    if (this.state === 'closed') return;
    const refusal = error instanceof AmqpError ? error : new AmqpError('INTERNAL_ERROR', '');
    if (refusal !== error) logFault(this, error);
    const text = cutText(refusal.message === '' ? refusal.reply : refusal.replyText);
    logRefusal(this, refusal, channel?.number ?? 0, text);
    const blame = refusal.message === '' || isMalformedUtf8(refusal) ? 0 : methodId;
    if (this.state !== 'running' && this.state !== 'opening' && this.state !== 'closing') this.distrust();
    else if (refusal.scope === 'channel' && channel !== null) channel.closeWith(refusal, text, blame);
    else this.closeWith(refusal.code, text, blame);
  }

  /** connection.close from our side. */
  closeWith(replyCode: number, replyText: string, methodId: number): void {
    this.#releaseChannels();
    this.state = 'closed';
    this.send('connection.close', {
      replyCode,
      replyText,
      classId: methodId >>> 16,
      methodId: methodId & 0xffff,
    });
    this.#awaitEnd();
  }

  /** The client closed: what it sent before is done, and its exclusive queues are gone, before close-ok. */
  closeOk(): void {
    this.state = 'closing';
    this.#finishChannels()
      .catch(this.ignored)
      .then(() => {
        this.state = 'closed';
        this.send('connection.close-ok');
        this.#awaitEnd();
      })
      .catch(this.ignored);
  }

  /** Says nothing more, and drops the client after a while. */
  distrust(): void {
    this.state = 'closed';
    this.#timer(silence, () => this.end());
  }

  tuned(channelMax: number, frameMax: number, heartbeat: number): void {
    this.channelMax = channelMax;
    this.frameMax = frameMax;
    this.heartbeat = heartbeat;
    this.#reader.largestPayload = frameMax === 0 ? Number.POSITIVE_INFINITY : frameMax;
    this.#stopHeartbeat = startHeartbeat(this.context.clock, heartbeat, {
      received: () => this.traffic.receivedOctets,
      sent: () => this.output.octets,
      beat: () => this.output.write(heartbeatFrame),
      missed: () => this.#heartbeatMissed(),
      deaf: () => this.reading.paused,
    });
  }

  opened(virtualHost: VirtualHost): void {
    this.virtualHost = virtualHost;
    this.vhost = virtualHost.name;
    this.state = 'running';
    this.#cancelTimer();
    this.#registered = true;
    this.context.broker.register(this);
    this.#stopWatching = watchDeliveries(this, this.#channels);
  }

  /** The channel's number may be used again. */
  forget(channel: Channel): void {
    if (this.#channels[channel.number] !== channel) return;
    this.#channels[channel.number] = undefined;
    this.channelCount--;
    this.context.broker.churn.channelClosed++;
  }

  /** The channel has confirms to send at the end of the turn. */
  settled(channel: Channel): void {
    this.#settled.push(channel);
    this.#enlist();
  }

  flush(): void {
    this.#enlisted = false;
    const channels = this.#settled;
    if (channels.length > 0) {
      this.#settled = [];
      for (const channel of channels) channel.flush();
    }
    this.output.flush();
    this.#enlisted = false;
  }

  /** Sends what is left and closes the socket. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.output.flush();
    this.stream.end();
    this.#timer(silence, () => this.stream.destroy());
  }

  /** Drops the socket at once. */
  destroy(): void {
    this.stream.destroy();
  }

  get stopping(): boolean {
    return this.state === 'closing' || this.state === 'closed';
  }

  #data(chunk: Buffer): void {
    this.traffic.receivedOctets += chunk.length;
    this.traffic.reads++;
    this.#guarded(() => (this.state === 'pre_init' ? this.#protocolHeader(chunk) : this.#reader.push(chunk)));
  }

  /** Whatever goes wrong in here costs this connection, not the node. */
  #guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      logFault(this, error);
      this.destroy();
    }
  }

  #protocolHeader(chunk: Buffer): void {
    if (this.#header.length === 0) logAccepted(this);
    const read = Buffer.concat([this.#header, chunk]);
    this.#header = read;
    if (read.length < protocolHeaderSize) return;
    const version = versionOf(read.subarray(0, protocolHeaderSize));
    if (version === null) {
      logGivenUp(
        this,
        `client did not start with AMQP protocol header: ${JSON.stringify(read.toString('latin1', 0, 8))}`,
      );
      this.output.write(protocolHeader);
      this.state = 'closed';
      this.end();
      return;
    }
    start(this, version);
    if (read.length > protocolHeaderSize) this.#reader.push(read.subarray(protocolHeaderSize));
  }

  #frame0(type: number, bytes: Buffer, start: number, end: number): void {
    const isMethod = type === frameType.method && end - start >= 4;
    if (this.stopping && !isMethod) return;
    if (type === frameType.heartbeat && start === end) return;
    if (isMethod) connectionMethod(this, bytes, start, end);
    else this.failed(frameProblem(type, bytes, start, end), null, 0);
  }

  #open(number: number): Channel | null {
    if (this.channelMax !== 0 && this.channelCount >= this.channelMax) {
      const text = `number of channels opened (${this.channelCount}) has reached the negotiated channel_max (${this.channelMax})`;
      this.failed(new AmqpError('NOT_ALLOWED', text), null, 0);
      return null;
    }
    const channel = new Channel(this, number);
    this.#channels[number] = channel;
    this.channelCount++;
    this.context.broker.churn.channelCreated++;
    return channel;
  }

  #enlist(): void {
    if (this.#enlisted) return;
    this.#enlisted = true;
    this.context.flushLoop.enlist(this);
  }

  #drained(): void {
    for (const channel of this.#channels) channel?.becomeReady();
  }

  #releaseChannels(): void {
    for (const channel of this.#channels) channel?.release();
    this.#channels.length = 0;
    this.context.broker.churn.channelClosed += this.channelCount;
    this.channelCount = 0;
  }

  async #finishChannels(): Promise<void> {
    await Promise.all(this.#channels.map((channel) => channel?.idle()));
    for (const channel of this.#channels) channel?.flush();
    this.#releaseChannels();
    await this.#unregister();
  }

  async #unregister(): Promise<void> {
    if (!this.#registered) return;
    this.#registered = false;
    await this.context.broker.unregister(this);
  }

  #awaitEnd(): void {
    this.#unregister().catch(this.ignored);
    this.#guarded(() => this.reading.force());
    const { heartbeat } = this;
    const seconds = heartbeat > 0 && heartbeat < longestClosing ? heartbeat : longestClosing;
    this.#timer(seconds * 1000, () => this.end());
  }

  #timer(ms: number, callback: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.context.clock.after(ms, callback);
  }

  #handshakeTimeout(): void {
    logGivenUp(this, `{handshake_timeout,${this.state}}`);
    this.state = 'closed';
    this.end();
  }

  #heartbeatMissed(): void {
    logGivenUp(this, `missed heartbeats from client, timeout: ${this.heartbeat}s`);
    this.stream.destroy();
  }

  #clientGone(): void {
    if (this.#ended && this.stream.destroyed) this.#cancelTimer();
    if (!this.#gone) this.#leave();
    if (!this.stream.destroyed) this.end();
  }

  #leave(): void {
    this.#gone = true;
    logLeft(this, this.state !== 'running');
    this.state = 'closed';
    this.#stopHeartbeat();
    this.#stopWatching();
    this.#cancelTimer();
    this.#reader.stop();
    this.#releaseChannels();
    this.#unregister().catch(this.ignored);
    this.onEnd(this);
  }
}
