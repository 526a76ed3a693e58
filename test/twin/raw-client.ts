/**
 * A client that sends what it is told, right or wrong, and writes down each frame
 * that comes back, and how the connection ends.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type ConnectionOptions, connect as connectSecurely } from 'node:tls';
import { contentHeader, definitions, frame, method } from './codec.js';
import type { Transcript } from './transcript.js';

type Fields = Record<string, unknown>;
const kinds: Record<number, string> = { 1: 'method', 2: 'header', 3: 'body', 8: 'heartbeat' };
/** What a refusal looks like. */
const closes = ['ChannelClose', 'ConnectionClose'];

export class RawClient {
  private socket: Socket | undefined;
  private received = Buffer.alloc(0);
  private ended = false;
  /** The handshake is done. */
  private opened = false;
  /** That came. */
  heartbeats = 0;
  /** Who logs in, as PLAIN says it. */
  credentials = '\0guest\0guest';
  /** Channels and connections that the broker closed. */
  refusals = 0;
  /** The broker closed the connection, and waits for close-ok. */
  refused = false;
  /** The fields of the last method that arrived. */
  private last: Fields | undefined;
  /** The last content header that arrived. */
  contentHeader: Buffer = Buffer.alloc(0);
  /** Frames of the handshake are the same for every scenario: not written down. */
  private silent = false;
  /** What arrived and was not waited for yet. */
  private readonly names: string[] = [];

  constructor(
    private readonly transcript: Transcript,
    private readonly label: string,
  ) {}

  async connect(port: number): Promise<void> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    this.use(socket);
  }

  /** Over TLS, after octets in the clear; false when the node does not let it in, at once or with its first answer. */
  async connectSecurely(port: number, tls: ConnectionOptions, before: Buffer): Promise<boolean> {
    const plain = connect(port, '127.0.0.1');
    await new Promise((resolve, reject) => plain.once('connect', resolve).once('error', reject));
    if (before.length > 0) plain.write(before);
    const socket = connectSecurely({ ...tls, socket: plain });
    const open = await new Promise<boolean>((resolve) => {
      socket.once('secureConnect', () => resolve(true));
      for (const event of ['error', 'close']) socket.once(event, () => resolve(false));
    });
    this.use(socket);
    if (!open) this.end();
    return open;
  }

  private use(socket: Socket): void {
    this.socket = socket;
    socket.on('data', (bytes) => this.receive(bytes));
    socket.on('error', () => this.end());
    socket.on('close', () => this.end());
  }

  /** Methods and parts of contents that arrived and were not waited for, in their order. */
  get waiting(): readonly string[] {
    return this.names;
  }

  /** Its own end's. */
  get port(): number {
    return this.socket?.localPort ?? 0;
  }

  get isOpen(): boolean {
    return !this.ended;
  }

  send(...bytes: Buffer[]): void {
    if (!this.ended) this.socket?.write(Buffer.concat(bytes));
  }

  method(name: string, channel: number, fields: Fields = {}): void {
    this.say('sends', name, { channel });
    this.send(method(name, channel, fields));
  }

  /** Publish, header and body, with the body in pieces of the given size. */
  publish(channel: number, fields: Fields, body: Buffer, properties: Fields = {}, piece = 4088): void {
    const pieces: Buffer[] = [];
    for (let at = 0; at < body.length; at += piece)
      pieces.push(frame(3, channel, body.subarray(at, at + piece)));
    this.say('publishes', fields, `${body.length} bytes`);
    this.send(
      method('BasicPublish', channel, fields),
      contentHeader(channel, body.length, properties),
      ...pieces,
    );
  }

  /** A method, and its answer or the refusal; one that has no answer is told by what is asked next. */
  async ask(name: string, fields: Fields = {}, channel = 1): Promise<void> {
    this.method(name, channel, fields);
    await this.until(`${name}Ok`, ...(name === 'BasicGet' ? ['BasicGetEmpty'] : []), ...closes);
  }

  /** Ends the connection in order, so that nothing of it is left. */
  async leave(): Promise<void> {
    this.silent = true;
    if (this.opened && !this.ended && !this.refused) {
      this.send(method('ConnectionClose', 0, { replyCode: 200, replyText: '', classId: 0, methodId: 0 }));
      await this.until('ConnectionCloseOk', 'ConnectionClose');
    }
    this.destroy();
  }

  async handshake(vhost: string, tune: Fields = {}, clientProperties: Fields = {}): Promise<void> {
    await this.quietly(() => this.open(vhost, tune, clientProperties));
  }

  async openChannel(channel: number): Promise<void> {
    await this.quietly(async () => {
      this.send(method('ChannelOpen', channel));
      await this.until('ChannelOpenOk');
    });
  }

  /** Does something without writing it down. */
  async quietly(work: () => Promise<void>): Promise<void> {
    this.silent = true;
    await work();
    this.silent = false;
  }

  /** The fields of the next such method, not written down. */
  async next(name: string): Promise<Fields | undefined> {
    await this.quietly(() => this.until(name));
    return this.last;
  }

  private async open(vhost: string, tune: Fields, clientProperties: Fields): Promise<void> {
    this.send(Buffer.from('AMQP\x00\x00\x09\x01', 'latin1'));
    await this.until('ConnectionStart');
    this.send(
      method('ConnectionStartOk', 0, {
        clientProperties,
        mechanism: 'PLAIN',
        response: Buffer.from(this.credentials),
        locale: 'en_US',
      }),
    );
    await this.until('ConnectionTune');
    this.send(method('ConnectionTuneOk', 0, { channelMax: 2047, frameMax: 131072, heartbeat: 0, ...tune }));
    this.send(method('ConnectionOpen', 0, { virtualHost: vhost }));
    await this.until('ConnectionOpenOk', 'ConnectionClose');
    this.opened = true;
  }

  /** Waits for one of these, among what arrived since the last one waited for. */
  async until(...names: string[]): Promise<void> {
    const deadline = Date.now() + 10_000;
    while (!this.names.some((name) => names.includes(name))) {
      if (this.ended) return this.say('is disconnected, waiting for', names);
      if (Date.now() > deadline) return this.say('waited in vain for', names);
      await pause(5);
    }
    this.names.splice(0, this.names.findIndex((name) => names.includes(name)) + 1);
  }

  /** Lets the broker say what it has to say. */
  rest(milliseconds = this.transcript.quiet): Promise<unknown> {
    return pause(milliseconds);
  }

  /** Waits until the broker closes the connection. */
  async closed(patience = 60_000): Promise<void> {
    const deadline = Date.now() + patience;
    while (!this.ended && Date.now() < deadline) await pause(10);
    this.say(this.ended ? 'is disconnected' : 'is still connected');
  }

  /** Ends its own side behind what it sent, without a close, as a program does that ends. */
  hangUp(): void {
    this.say('hangs up');
    this.socket?.end();
  }

  destroy(): void {
    this.silent = true;
    this.socket?.destroy();
  }

  private end(): void {
    this.ended = true;
  }

  private receive(bytes: Buffer): void {
    this.received = Buffer.concat([this.received, bytes]);
    while (this.received.length >= 8) {
      if (this.received.subarray(0, 4).toString('latin1') === 'AMQP') {
        this.say('receives the protocol header', [...this.received.subarray(4, 8)]);
        this.received = this.received.subarray(8);
        continue;
      }
      const size = this.received.readUInt32BE(3);
      if (this.received.length < size + 8) return;
      this.note(
        this.received.readUInt8(0),
        this.received.readUInt16BE(1),
        this.received.subarray(7, 7 + size),
      );
      this.received = this.received.subarray(size + 8);
    }
  }

  private note(type: number, channel: number, payload: Buffer): void {
    if (type === 8) this.heartbeats++;
    if (type !== 1) {
      if (type === 2) this.contentHeader = payload;
      this.names.push(kinds[type] ?? String(type));
      this.say(`receives ${kinds[type] ?? type}`, { channel }, payload);
      return;
    }
    const id = payload.readUInt32BE(0);
    const { name } = definitions.info(id);
    this.last = definitions.decode(id, payload.subarray(4));
    if (closes.includes(name)) this.refusals++;
    if (name === 'ConnectionClose') this.refused = true;
    this.say(`receives ${name}`, { channel }, this.last);
    this.names.push(name);
  }

  private say(what: string, ...values: unknown[]): void {
    if (!this.silent) this.transcript.say(`${this.label} ${what}`, ...values);
  }
}
