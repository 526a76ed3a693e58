import type { Duplex } from 'node:stream';
import type { Client, ClientChannel, ConnectConfig } from 'ssh2';

/**
 * One SSH connection to one machine, shared by all that is done there. sshd
 * allows ten sessions on it unless told otherwise: a session waits for its turn
 * here rather than be refused there. Whatever ends the connection is kept as
 * `broken`, and the socket is ours, so closing it leaves no handle behind even if
 * the other side never says a word.
 */
export class SshConnection {
  readonly #client: Client;
  readonly #socket: Duplex;
  readonly #sessions: number;
  #open = 0;
  readonly #waiting: (() => void)[] = [];
  #broken: string | undefined;
  readonly #ended: Promise<void>;

  private constructor(client: Client, socket: Duplex, sessions: number) {
    this.#client = client;
    this.#socket = socket;
    this.#sessions = sessions;
    client.on('error', (error) => this.#break(error.message));
    this.#ended = new Promise((resolve) => {
      client.once('close', () => {
        this.#break('the host closed it');
        resolve();
      });
    });
  }

  /** Shakes hands and logs in over this socket. */
  static async open(socket: Duplex, config: ConnectConfig, sessions: number): Promise<SshConnection> {
    const { default: ssh2 } = await import('ssh2');
    const client = new ssh2.Client();
    const connection = new SshConnection(client, socket, sessions);
    try {
      await new Promise<void>((resolve, reject) => {
        client.once('ready', resolve);
        client.once('error', reject);
        client.once('close', () => reject(new Error('the host closed the connection before the login')));
        client.connect({ ...config, sock: socket as never });
      });
    } catch (error) {
      socket.destroy();
      throw error;
    }
    return connection;
  }

  /** Why nothing can be sent any more; nothing while it lives. */
  get broken(): string | undefined {
    return this.#broken;
  }

  /** Resolves when the connection is no more. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Runs `use` with a session on which this line was started, when there is room for one. */
  async session<T>(line: string, use: (channel: ClientChannel) => Promise<T>): Promise<T> {
    await this.#turn();
    try {
      return await use(await this.urgentSession(line));
    } finally {
      this.#open -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** A session that does not wait for its turn: the last ones are kept free for it. */
  urgentSession(line: string): Promise<ClientChannel> {
    return this.#untilBroken((settle) => this.#client.exec(line, settle));
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
    if (this.#open >= this.#sessions) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#open += 1;
  }

  #untilBroken(
    start: (settle: (error: Error | undefined, channel: ClientChannel) => void) => void,
  ): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      if (this.#broken) return reject(new Error(this.#broken));
      this.#ended.then(() => reject(new Error(this.#broken)));
      start((error, channel) => (error ? reject(error) : resolve(channel)));
    });
  }

  #break(reason: string): void {
    this.#broken ??= reason;
  }
}

const closingMs = 500;
