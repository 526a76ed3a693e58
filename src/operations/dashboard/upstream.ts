/**
 * The management API behind the dashboard: one node's, or each node's of a cluster, so that the page goes on
 * when the node that it was shown by dies. A request goes to the node that answered last; when that one cannot
 * be reached, to the next. One that was sent and had no answer is not sent again, unless it only asked.
 */
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { channelAgent, socketAgent } from '../../drivers/management-api/agents.js';

export interface Endpoint {
  /** Without credentials. */
  readonly origin: URL;
  /** What goes before /api, without a slash at its end. */
  readonly prefix: string;
  readonly authorization: string;
  /** In a socket's place, such as a channel of an SSH connection. */
  readonly through?: (() => Promise<Duplex>) | undefined;
}

export interface Forwarded {
  readonly method: string;
  /** Path and query, from /api on. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const patienceMs = 60_000;
const maxSockets = 8;

export class Upstream {
  readonly #endpoints: readonly { readonly endpoint: Endpoint; readonly agent: Promise<http.Agent> }[];
  #current = 0;

  constructor(endpoints: readonly Endpoint[]) {
    this.#endpoints = endpoints.map((endpoint) => ({ endpoint, agent: agentOf(endpoint) }));
  }

  /** Throws the first node's error when none answers. */
  async forward(request: Forwarded): Promise<IncomingMessage> {
    let first: unknown;
    for (let turn = 0; turn < this.#endpoints.length; turn++) {
      const index = (this.#current + turn) % this.#endpoints.length;
      try {
        const answer = await this.#send(index, request);
        this.#current = index;
        return answer;
      } catch (error) {
        first ??= error;
        if (request.method !== 'GET' && !neverArrived(error)) break;
      }
    }
    throw first;
  }

  close(): void {
    for (const { agent } of this.#endpoints) void agent.then((opened) => opened.destroy());
  }

  async #send(index: number, { method, path, headers, body }: Forwarded): Promise<IncomingMessage> {
    const { endpoint, agent } = this.#endpoints[index]!;
    const { origin, authorization, prefix } = endpoint;
    const { request } = origin.protocol === 'https:' ? https : http;
    const options = {
      agent: await agent,
      host: origin.hostname.replace(/^\[|\]$/g, ''),
      port: origin.port || (origin.protocol === 'https:' ? 443 : 80),
      method,
      path: prefix + path,
      headers: { ...headers, authorization, ...(body.length > 0 ? { 'content-length': body.length } : {}) },
      timeout: patienceMs,
    };
    return new Promise((resolve, reject) => {
      const call = request(options, resolve);
      call.on('error', reject);
      call.on('timeout', () => call.destroy(new Error(`no answer in ${patienceMs / 1000} s`)));
      call.end(body);
    });
  }
}

function neverArrived(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENOTFOUND';
}

async function agentOf({ origin, through }: Endpoint): Promise<http.Agent> {
  return through ? channelAgent(through, maxSockets) : socketAgent(origin.protocol, maxSockets);
}
