import { type Agent, type RequestOptions, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { WarrenError } from '../../errors/warren-error.js';
import { channelAgent, socketAgent } from './agents.js';
import { refusalOf, silenceOf } from './failure.js';

const maxSockets = 4;

export interface ApiAnswer {
  /** 201 or 204 of a PUT tell whether it was there before. */
  readonly status: number;
  readonly body: unknown;
}

interface RequestExtras {
  readonly timeoutMs?: number | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

/**
 * The management HTTP API of one node. It knows the wire (JSON, Basic
 * authentication, RabbitMQ's way of reporting an error) and nothing of what
 * is asked; `node:http` because its import costs a tenth of the alternatives'.
 */
export class ManagementApi {
  readonly user: string;
  readonly #origin: URL;
  readonly #authorization: string;
  readonly #signal: AbortSignal | undefined;
  readonly #agent: Promise<Agent>;

  /** `through` opens what goes in a socket's place, such as a channel of an SSH connection. */
  constructor(url: string, through?: () => Promise<Duplex>, signal?: AbortSignal) {
    this.#origin = new URL(url);
    this.#agent = through
      ? Promise.resolve(channelAgent(through, maxSockets))
      : socketAgent(this.#origin.protocol, maxSockets);
    this.#signal = signal;
    this.user = decodeURIComponent(this.#origin.username) || 'guest';
    const password = decodeURIComponent(this.#origin.password) || (this.#origin.username ? '' : 'guest');
    this.#authorization = `Basic ${Buffer.from(`${this.user}:${password}`).toString('base64')}`;
  }

  static ofPort(port: number): ManagementApi {
    return new ManagementApi(`http://127.0.0.1:${port}`);
  }

  get url(): string {
    return this.#origin.origin + this.#prefix;
  }

  async get<T>(path: string, timeoutMs?: number): Promise<T> {
    return (await this.request('GET', path, undefined, { timeoutMs })).body as T;
  }

  /** What is not JSON, such as the log of a trace. */
  async text(path: string): Promise<string> {
    return (await this.#answer('GET', path, undefined, { timeoutMs: 60_000 })).text;
  }

  async put(path: string, body: unknown): Promise<void> {
    await this.request('PUT', path, body);
  }

  async send(method: 'PUT' | 'POST' | 'DELETE', path: string, body: unknown): Promise<void> {
    await this.request(method, path, body);
  }

  async delete(path: string): Promise<void> {
    await this.request('DELETE', path, undefined);
  }

  /** Lets go of the connections, so that the process can end. */
  close(): void {
    this.#agent.then(
      (agent) => agent.destroy(),
      () => {},
    );
  }

  async request(method: Method, path: string, body: unknown, extras: RequestExtras = {}): Promise<ApiAnswer> {
    const { request, status, text } = await this.#answer(method, path, body, extras);
    try {
      return { status, body: text === '' ? undefined : JSON.parse(text) };
    } catch {
      throw WarrenError.of('API_ERROR', { request, status, reason: `no JSON: ${text.slice(0, 80)}` });
    }
  }

  async #answer(
    method: Method,
    path: string,
    body: unknown,
    { timeoutMs = 15_000, headers = {} }: RequestExtras,
  ): Promise<{ request: string; status: number; text: string }> {
    const { status, text } = await this.#exchange(method, path, body, { timeoutMs, headers });
    const request = `${method} ${this.url}/api${path.split('?', 1)[0]}`;
    if (status < 200 || status >= 300)
      throw refusalOf({ request, url: this.url, user: this.user, status, text });
    return { request, status, text };
  }

  /** management.path_prefix, as it is written in the URL. */
  get #prefix(): string {
    return this.#origin.pathname.replace(/(\/api)?\/*$/, '');
  }

  async #exchange(
    method: string,
    path: string,
    body: unknown,
    {
      timeoutMs,
      headers,
    }: { readonly timeoutMs: number; readonly headers: Readonly<Record<string, string>> },
  ): Promise<{ status: number; text: string }> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const { protocol, hostname, port } = this.#origin;
    const secure = protocol === 'https:';
    const late = AbortSignal.timeout(timeoutMs);
    const options: RequestOptions = {
      agent: await this.#agent,
      protocol,
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port || (secure ? 443 : 80),
      method,
      path: `${this.#prefix}/api${path}`,
      signal: this.#signal ? AbortSignal.any([late, this.#signal]) : late,
      headers: {
        ...headers,
        authorization: this.#authorization,
        // Some routes of RabbitMQ's offer no JSON to a PUT, and would refuse one who takes nothing else.
        accept: 'application/json, */*',
        ...(payload === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
      },
    };
    const begin = secure ? (await import('node:https')).request : request;
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        if (this.#signal?.aborted) reject(this.#signal.reason);
        else reject(silenceOf(this.url, late.aborted ? `no answer in ${timeoutMs / 1000} s` : error));
      };
      const call = begin(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', fail);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
        );
      });
      call.on('error', fail);
      call.end(payload);
    });
  }
}

/** A name as one segment of a path: vhost `/` is `%2F`. */
export function segment(name: string): string {
  return encodeURIComponent(name);
}
