import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, ClientChannel } from 'ssh2';

/**
 * One SSH connection to one machine, shared by all that is done there. sshd
 * allows ten sessions on it unless told otherwise: a session waits for its turn
 * here rather than be refused there, and one that is refused all the same waits
 * until another has ended. Whatever ends the connection is kept as `broken`, and
 * the socket is ours, so closing it leaves no handle behind even if the other
 * side never says a word.
 */
export class SshConnection {
  readonly #client: Client;
  readonly #socket: Duplex;
  #sessions: number;
  #open = 0;
  readonly #waiting: (() => void)[] = [];
  #broken: string | undefined;
  readonly #ended: Promise<void>;

  /** Takes over a client that is logged in, and its socket. */
  constructor(client: Client, socket: Duplex, sessions: number) {
    this.#client = client;
    this.#socket = socket;
    this.#sessions = sessions;
    client.on('error', (error) => this.#break(reasonOf(error)));
    this.#ended = new Promise((resolve) => {
      client.once('close', () => {
        this.#break('the host closed it');
        resolve();
      });
    });
  }

  /** Why nothing can be sent any more; nothing while it lives. */
  get broken(): string | undefined {
    return this.#broken;
  }

  /** Starts this line on a session when there is room for one, and holds that place until `use` is done. */
  async session<T>(line: string, use: (channel: ClientChannel) => Promise<T>): Promise<T> {
    await this.#turn();
    try {
      return await this.#used(line, use);
    } finally {
      this.#open -= 1;
      this.#waiting.shift()?.();
    }
  }

  /**
   * A session that does not wait for its turn: the last ones are kept free for it.
   * `use` gets the channel at once, or it would miss what the host says with its yes.
   */
  async urgentSession<T>(line: string, use: (channel: ClientChannel) => Promise<T>): Promise<T> {
    let using!: Promise<T>;
    await this.#untilBroken((settle) =>
      this.#client.exec(line, (error, channel) => {
        if (!error) using = use(channel);
        settle(error, channel);
      }),
    );
    return using;
  }

  /** A connection from that machine to another one. */
  forward(address: string, port: number): Promise<ClientChannel> {
    return this.#untilBroken((settle) => this.#client.forwardOut('127.0.0.1', 0, address, port, settle));
  }

  async close(): Promise<void> {
    this.#break('it was closed');
    this.#client.end();
    const late = setTimeout(() => this.#socket.destroy(), closingMs);
    await this.#ended;
    clearTimeout(late);
    this.#socket.destroy();
  }

  async #turn(): Promise<void> {
    while (this.#open >= this.#sessions) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#open += 1;
  }

  async #used<T>(line: string, use: (channel: ClientChannel) => Promise<T>): Promise<T> {
    for (let refused = 0; ; refused++) {
      try {
        return await this.urgentSession(line, use);
      } catch (error) {
        if (this.#broken || refused === refusalsTaken || !isChannelRefusal(error)) throw error;
        await this.#comeBackLater();
      }
    }
  }

  /** With no other session open, one that we saw the end of may still count on the host's side. */
  async #comeBackLater(): Promise<void> {
    if (this.#open <= 1) {
      await sleep(refusalMs);
      return;
    }
    this.#sessions = Math.max(1, this.#open - 1);
    this.#open -= 1;
    await this.#turn();
  }

  #untilBroken(
    start: (settle: (error: Error | undefined, channel: ClientChannel) => void) => void,
  ): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      if (this.#broken) return reject(new Error(this.#broken));
      const broke = () => reject(new Error(this.#broken));
      this.#client.once('close', broke);
      start((error, channel) => {
        this.#client.removeListener('close', broke);
        if (error) reject(error);
        else resolve(channel);
      });
    });
  }

  #break(reason: string): void {
    this.#broken ??= reason;
  }
}

/** ssh2's own words, in those of a person. */
export function reasonOf(error: Error): string {
  return words[error.message] ?? error.message;
}

/** RFC 4254 § 5.1: the host may open no channel, and the connection goes on. */
function isChannelRefusal(error: unknown): boolean {
  return (error as Error).message.includes('Channel open failure');
}

const words: Record<string, string> = {
  'Keepalive timeout': 'it answers no more',
  'Connection lost before handshake': 'it closed the connection before the login was done',
};

const closingMs = 500;
const refusalMs = 50;
const refusalsTaken = 20;
