import { Agent, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { WarrenError } from '../../errors/warren-error.js';

/**
 * The management HTTP API of one node. It knows the wire (JSON, Basic
 * authentication, RabbitMQ's way of reporting an error) and nothing of what
 * is asked; `node:http` because its import costs a tenth of the alternatives'.
 */
export class ManagementApi {
  readonly #origin: URL;
  readonly #user: string;
  readonly #authorization: string;
  readonly #agent: Agent;

  /** `through` opens what goes in a socket's place, such as a channel of an SSH connection. */
  constructor(url: string, through?: () => Promise<Duplex>) {
    this.#agent = through ? tunnelAgent(through) : new Agent({ keepAlive: true, maxSockets: 4 });
    this.#origin = new URL(url);
    this.#user = decodeURIComponent(this.#origin.username) || 'guest';
    const password = decodeURIComponent(this.#origin.password) || (this.#origin.username ? '' : 'guest');
    this.#authorization = `Basic ${Buffer.from(`${this.#user}:${password}`).toString('base64')}`;
  }

  static ofPort(port: number): ManagementApi {
    return new ManagementApi(`http://127.0.0.1:${port}`);
  }

  get url(): string {
    return this.#origin.origin;
  }

  get<T>(path: string, timeoutMs?: number): Promise<T> {
    return this.#send('GET', path, undefined, timeoutMs) as Promise<T>;
  }

  async put(path: string, body: unknown): Promise<void> {
    await this.#send('PUT', path, body);
  }

  async send(method: 'PUT' | 'POST' | 'DELETE', path: string, body: unknown): Promise<void> {
    await this.#send(method, path, body);
  }

  async delete(path: string): Promise<void> {
    await this.#send('DELETE', path, undefined);
  }

  /** Lets go of the connections, so that the process can end. */
  close(): void {
    this.#agent.destroy();
  }

  async #send(method: string, path: string, body: unknown, timeoutMs = 15_000): Promise<unknown> {
    const { status, text } = await this.#exchange(method, path, body, timeoutMs);
    if (status >= 200 && status < 300) return text === '' ? undefined : JSON.parse(text);
    const reason = reasonOf(text);
    if (status === 401) {
      throw WarrenError.of('API_REFUSED_LOGIN', { url: this.url, user: this.#user, reason });
    }
    throw WarrenError.of('API_ERROR', { request: `${method} ${this.url}/api${path}`, status, reason });
  }

  #exchange(
    method: string,
    path: string,
    body: unknown,
    timeoutMs: number,
  ): Promise<{ status: number; text: string }> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const fail = (error: Error) =>
        reject(WarrenError.of('API_UNREACHABLE', { url: this.url, reason: error.message }, { cause: error }));
      const call = request(
        {
          agent: this.#agent,
          host: this.#origin.hostname.replace(/^\[|\]$/g, ''),
          port: this.#origin.port || 80,
          method,
          path: `/api${path}`,
          signal: AbortSignal.timeout(timeoutMs),
          headers: {
            authorization: this.#authorization,
            // Some routes of RabbitMQ's offer no JSON to a PUT, and would refuse one who takes nothing else.
            accept: 'application/json, */*',
            ...(payload === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', fail);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
          );
        },
      );
      call.on('error', (error) =>
        fail(error.name === 'AbortError' ? new Error(`no answer in ${timeoutMs / 1000} s`) : error),
      );
      call.end(payload);
    });
  }
}

/** An agent takes a socket; what only a socket has is nothing to a channel. */
function tunnelAgent(through: () => Promise<Duplex>): Agent {
  const agent = new Agent({ keepAlive: false, maxSockets: 4 });
  const socketOnly = { setTimeout() {}, setKeepAlive() {}, setNoDelay() {}, ref() {}, unref() {} };
  agent.createConnection = (_options, done) => {
    through().then(
      (channel) => done?.(null, Object.assign(channel, socketOnly)),
      (error: Error) => done?.(error, undefined as never),
    );
    return undefined;
  };
  return agent;
}

/** A name as one segment of a path: vhost `/` is `%2F`. */
export function segment(name: string): string {
  return encodeURIComponent(name);
}

/** RabbitMQ answers errors as {"error": "...", "reason": "..."}, where reason may be any JSON. */
function reasonOf(text: string): string {
  try {
    const { error, reason } = JSON.parse(text) as { error?: unknown; reason?: unknown };
    const said = reason ?? error;
    return typeof said === 'string' ? said : JSON.stringify(said);
  } catch {
    return text.slice(0, 200) || 'an empty answer';
  }
}
