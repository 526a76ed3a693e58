/**
 * The distribution port: takes the links of other nodes and of tools. Whoever has not proven itself within the
 * handshake's deadline, says something else, or says too much, is cut off, and nothing is kept of it.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { Logger } from '../../core/ports.js';
import type { Answers } from './answers.js';
import { FrameReader } from './frame.js';
import { CalledHandshake, type Far, type Identity } from './handshake.js';
import { type FrameHandlers, Link } from './link.js';

/** Erlang's own for the handshake of its distribution (net_setuptime). */
const handshakeDeadline = 7000;

export interface ListenerOptions {
  address: string;
  port: number;
  cookie: string;
  self: Identity;
  tickTime?: number | undefined;
  answers: Answers;
  frames: FrameHandlers;
  logger: Logger;
  admits(far: Far): boolean;
  accepted(link: Link): void;
}

export class LinkListener {
  readonly #options: ListenerOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true }, (socket) => this.#take(socket));
  }

  /** The port, once it listens (0 asks for any). Rejects with the system's error (EADDRINUSE …). */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#options.port, this.#options.address, () => {
        this.#server.off('error', reject);
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : this.#options.port);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }

  #take(socket: Socket): void {
    const { cookie, self, tickTime, answers, frames, accepted, admits } = this.#options;
    const handshake = new CalledHandshake(cookie, self, admits);
    const reader = new FrameReader();
    let link: Link | null = null;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    const cut = () => socket.destroy();
    const receive = (chunk: Buffer) => {
      try {
        reader.push(chunk, (type, payload) => {
          if (link !== null) return link.accept(type, payload);
          if (socket.destroyed || socket.writableEnded) return;
          const step = handshake.receive(type, payload);
          if (step.send) socket.write(step.send);
          if (step.refused) this.#refuse(socket, step.refused);
          if (step.open) {
            clearTimeout(deadline);
            socket.off('data', receive);
            socket.off('error', cut);
            link = new Link(socket, reader, step.open, answers, frames, tickTime);
            accepted(link);
          }
        });
      } catch {
        socket.destroy();
      }
    };
    const deadline = setTimeout(cut, handshakeDeadline);
    deadline.unref();
    socket.on('close', () => clearTimeout(deadline));
    socket.on('data', receive);
    socket.on('error', cut);
  }

  #refuse(socket: Socket, reason: string): void {
    if (reason === 'cookie') {
      this.#options.logger.error(
        `** Connection attempt from ${socket.remoteAddress}:${socket.remotePort} rejected. Invalid challenge reply. **`,
      );
    }
    socket.destroySoon();
  }
}
