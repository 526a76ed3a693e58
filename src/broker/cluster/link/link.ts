/**
 * One open link: calls with answers, and frames of other kinds by type, many at a time over one socket. Frames
 * arrive in the order in which they were sent. The side that opened it calls; the other answers (each node has
 * a link of its own to every other). When the socket ends, whatever was asked fails at once.
 *
 * A process that dies closes its sockets. One that hangs does not: each side sends a tick every quarter of the
 * tick time when it has nothing else to say, and gives up on a far side that was silent for all of it
 * (RabbitMQ: net_ticktime, 60 s).
 */
import type { Socket } from 'node:net';
import { deserialize, serialize } from 'node:v8';
import type { NodeLink } from '../../core/ports.js';
import type { Answers } from './answers.js';
import { LinkError } from './errors.js';
import { type Failure, fromFailure, toFailure } from './failure.js';
import { type FrameReader, type FrameType, frameLimit, frameTypes } from './frame.js';
import type { Far } from './handshake.js';
import { Outbox } from './outbox.js';

const usualTickTime = 60;

export type FrameHandler = (payload: Buffer, link: Link) => void;
/** By frame type; types without an entry end the link. */
export type FrameHandlers = Map<number, FrameHandler>;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export class Link {
  readonly far: Far;
  readonly outbox: Outbox;
  readonly #socket: Socket;
  readonly #reader: FrameReader;
  readonly #answers: Answers;
  readonly #frames: FrameHandlers;
  readonly #waiting = new Map<number, Waiting>();
  readonly #closing: (() => void)[] = [];
  readonly #ticker: NodeJS.Timeout;
  #lastCall = 0;
  #heard = true;
  #silent = 0;
  closed = false;

  constructor(
    socket: Socket,
    reader: FrameReader,
    far: Far,
    answers: Answers,
    frames: FrameHandlers,
    tickTime = usualTickTime,
  ) {
    this.far = far;
    this.outbox = new Outbox(socket);
    this.#socket = socket;
    this.#reader = reader;
    this.#answers = answers;
    this.#frames = frames;
    reader.limit = frameLimit;
    socket.setTimeout(0);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.destroy());
    socket.on('close', () => this.#end());
    this.#ticker = setInterval(() => this.#tick(), tickTime * 250);
    this.#ticker.unref();
  }

  call(name: string, args: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.closed) {
        reject(this.#gone());
        return;
      }
      this.#lastCall = (this.#lastCall + 1) >>> 0;
      this.#waiting.set(this.#lastCall, { resolve, reject });
      this.#send(frameTypes.call, this.#lastCall, [name, args]);
    });
  }

  /** A frame whose payload is one serialized value. */
  send(type: FrameType, value: unknown): void {
    const payload = serialize(value);
    this.outbox.reserve(type, 0, payload);
  }

  /** Called once, when the link has ended; at once if it has. */
  onClose(callback: () => void): void {
    if (this.closed) callback();
    else this.#closing.push(callback);
  }

  close(): void {
    this.outbox.flush();
    this.#socket.destroySoon();
  }

  get ends(): Omit<NodeLink, 'node'> {
    const { localAddress, localPort, remoteAddress, remotePort, bytesRead, bytesWritten } = this.#socket;
    return {
      own: { address: localAddress ?? '', port: localPort ?? 0 },
      peer: { address: remoteAddress ?? '', port: remotePort ?? 0 },
      sent: bytesWritten,
      received: bytesRead,
    };
  }

  /** Ends it now: what was to be sent is not, nothing more is received. */
  sever(): void {
    this.#socket.destroy();
    this.#end();
  }

  #receive(chunk: Buffer): void {
    this.#heard = true;
    try {
      this.#reader.push(chunk, (type, payload) => {
        if (!this.closed) this.accept(type, payload);
      });
    } catch {
      this.sever();
    }
  }

  /** For the handshake, which may have read past its own end. */
  accept(type: number, payload: Buffer): void {
    if (type === frameTypes.tick) return;
    if (type === frameTypes.call) this.#answer(payload);
    else if (type === frameTypes.answer) this.#settle(payload, (waiting, value) => waiting.resolve(value));
    else if (type === frameTypes.failure) {
      this.#settle(payload, (waiting, value) => waiting.reject(fromFailure(value as Failure)));
    } else {
      const handler = this.#frames.get(type);
      if (handler === undefined) throw new RangeError(`frame of type ${type}`);
      handler(payload, this);
    }
  }

  #answer(payload: Buffer): void {
    const id = payload.readUInt32BE(0);
    const [name, args] = deserialize(payload.subarray(4)) as [string, unknown];
    this.#answers.give(name, args, this.far.name, this).then(
      (value) => this.#send(frameTypes.answer, id, value),
      (error: unknown) => this.#send(frameTypes.failure, id, toFailure(error)),
    );
  }

  #settle(payload: Buffer, settle: (waiting: Waiting, value: unknown) => void): void {
    const id = payload.readUInt32BE(0);
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    settle(waiting, deserialize(payload.subarray(4)));
  }

  #send(type: FrameType, id: number, value: unknown): void {
    if (this.closed) return;
    const at = this.outbox.reserve(type, 4, serialize(value));
    this.outbox.block.writeUInt32BE(id, at);
  }

  #tick(): void {
    this.#silent = this.#heard ? 0 : this.#silent + 1;
    this.#heard = false;
    if (this.#silent >= 4) this.sever();
    else this.outbox.reserve(frameTypes.tick, 0);
  }

  #end(): void {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.#ticker);
    for (const waiting of this.#waiting.values()) waiting.reject(this.#gone());
    this.#waiting.clear();
    for (const callback of this.#closing.splice(0)) callback();
  }

  #gone(): LinkError {
    return new LinkError('closed', this.far.name, `the link to node ${this.far.name} is closed`);
  }
}
