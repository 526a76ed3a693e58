/** A client of raw frames: says anything, and shows what comes back. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { emptyFrameSize, frameEnd, frameType } from '../../../src/broker/protocol/frame.js';
import { decodeArguments, encodeMethod } from '../../../src/broker/protocol/method-codec.js';
import {
  type Arguments,
  idOf,
  type MethodName,
  methodName,
  methods,
} from '../../../src/broker/protocol/methods.js';
import { encodeProperties, type Properties } from '../../../src/broker/protocol/properties.js';

export interface Received {
  channel: number;
  type: number;
  method?: MethodName;
  args?: Record<string, unknown>;
  payload: Buffer;
}

export function frame(type: number, channel: number, payload: Buffer): Buffer {
  const bytes = Buffer.alloc(payload.length + emptyFrameSize);
  bytes[0] = type;
  bytes.writeUInt16BE(channel, 1);
  bytes.writeUInt32BE(payload.length, 3);
  payload.copy(bytes, 7);
  bytes[bytes.length - 1] = frameEnd;
  return bytes;
}

export function contentHeader(channel: number, size: number, properties: Properties | Buffer = {}): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(60, 0);
  head.writeBigUInt64BE(BigInt(size), 4);
  const encoded = Buffer.isBuffer(properties) ? properties : encodeProperties(properties);
  return frame(frameType.header, channel, Buffer.concat([head, encoded]));
}

export class RawClient {
  readonly received: Received[] = [];
  ended = false;
  #rest: Buffer = Buffer.alloc(0);
  #waiting: (() => void)[] = [];

  private constructor(readonly socket: Duplex) {
    socket.on('data', (chunk) => this.#data(chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.ended = true;
      this.#wake();
    });
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  static over(stream: Duplex): RawClient {
    return new RawClient(stream);
  }

  /** Connected, authenticated, `/` opened and channel 1 open. */
  static async opened(port: number, tune: Partial<Arguments<'connection.tune-ok'>> = {}): Promise<RawClient> {
    return (await RawClient.connect(port)).opening(tune);
  }

  async opening(tune: Partial<Arguments<'connection.tune-ok'>> = {}): Promise<RawClient> {
    this.write(Buffer.from('AMQP\x00\x00\x09\x01', 'latin1'));
    await this.next('connection.start');
    this.method(0, 'connection.start-ok', startOk());
    await this.next('connection.tune');
    this.method(0, 'connection.tune-ok', { channelMax: 2047, frameMax: 131072, heartbeat: 0, ...tune });
    this.method(0, 'connection.open', { virtualHost: '/' });
    await this.next('connection.open-ok');
    await this.open(1);
    return this;
  }

  async open(channel: number): Promise<void> {
    this.method(channel, 'channel.open');
    await this.next('channel.open-ok');
  }

  write(...parts: Buffer[]): void {
    this.socket.write(Buffer.concat(parts));
  }

  method<N extends MethodName>(channel: number, name: N, args: Partial<Arguments<N>> = {}): void {
    this.write(encodeMethod(channel, name, args));
  }

  publish(channel: number, routingKey: string, body: string | Buffer, more: PublishOptions = {}): void {
    const { properties, ...flags } = more;
    const bytes = Buffer.from(body);
    this.write(
      encodeMethod(channel, 'basic.publish', { routingKey, ...flags }),
      contentHeader(channel, bytes.length, properties),
      ...(bytes.length > 0 ? [frame(frameType.body, channel, bytes)] : []),
    );
  }

  /** The next method of that name; whatever comes before it is put aside. */
  async next<N extends MethodName>(name: N): Promise<Arguments<N> & { channel: number }> {
    const found = await this.until(() => this.received.findIndex(({ method }) => method === name), name);
    const [taken] = this.received.splice(found, 1);
    return { ...(taken!.args as Arguments<N>), channel: taken!.channel };
  }

  /** A method with content, and its body. */
  async content<N extends MethodName>(
    name: N,
  ): Promise<{ args: Arguments<N>; header: Buffer; body: Buffer }> {
    const complete = () => {
      const at = this.received.findIndex(({ method }) => method === name);
      return at >= 0 && this.#contentEnd(at) > 0 ? at : -1;
    };
    const at = await this.until(complete, name);
    const [method, header, ...bodies] = this.received.splice(at, this.#contentEnd(at) - at);
    const body = Buffer.concat(bodies.map(({ payload }) => payload));
    return { args: method!.args as Arguments<N>, header: header!.payload, body };
  }

  async end(): Promise<void> {
    while (!this.ended) await new Promise<void>((wake) => this.#waiting.push(wake));
  }

  async until(find: () => number, what: string): Promise<number> {
    for (;;) {
      const at = find();
      if (at >= 0) return at;
      if (this.ended)
        throw new Error(`the connection ended before ${what}; left: ${this.names().join(', ')}`);
      await new Promise<void>((wake) => this.#waiting.push(wake));
    }
  }

  /** What has come and was not taken. */
  names(): string[] {
    return this.received.map(({ method, type, channel }) => `${method ?? `frame ${type}`} on ${channel}`);
  }

  #contentEnd(at: number): number {
    const header = this.received[at + 1];
    if (header?.type !== frameType.header) return -1;
    let left = Number(header.payload.readBigUInt64BE(4));
    let end = at + 2;
    while (left > 0) {
      const body = this.received[end];
      if (body === undefined) return -1;
      left -= body.payload.length;
      end++;
    }
    return end;
  }

  #data(chunk: Buffer): void {
    let rest = Buffer.concat([this.#rest, chunk]);
    while (rest.length >= 7 && !rest.subarray(0, 4).equals(Buffer.from('AMQP'))) {
      const size = rest.readUInt32BE(3);
      if (rest.length < size + emptyFrameSize) break;
      this.received.push(read(rest[0]!, rest.readUInt16BE(1), rest.subarray(7, 7 + size)));
      rest = rest.subarray(size + emptyFrameSize);
    }
    this.#rest = rest;
    this.#wake();
  }

  get rest(): Buffer {
    return this.#rest;
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

export interface PublishOptions {
  exchange?: string;
  mandatory?: boolean;
  immediate?: boolean;
  properties?: Properties | Buffer;
}

export function startOk(
  password = 'guest',
  capabilities = ['authentication_failure_close', 'connection.blocked', 'consumer_cancel_notify'],
): Partial<Arguments<'connection.start-ok'>> {
  return {
    clientProperties: [
      {
        key: 'capabilities',
        type: 'F',
        value: capabilities.map((key) => ({ key, type: 't' as const, value: true })),
      },
    ],
    mechanism: 'PLAIN',
    response: Buffer.from(`\0guest\0${password}`),
    locale: 'en_US',
  };
}

function read(type: number, channel: number, payload: Buffer): Received {
  if (type !== frameType.method) return { type, channel, payload };
  const method = methodName(idOf(payload.readUInt16BE(0), payload.readUInt16BE(2)))!;
  if (methods[method] === undefined) throw new Error(`unknown method ${payload.readUInt32BE(0)}`);
  const args = decodeArguments(method, payload, 4, payload.length) as Record<string, unknown>;
  return { type, channel, method, args, payload };
}
