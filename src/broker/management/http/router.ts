/**
 * Gives resources to hono, in the order in which RabbitMQ decides: method allowed (405), who asks (401),
 * representation (406), existence (404), then the method itself. Every refusal ends here.
 */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import type { HttpOptions } from '../../config/node-config.js';
import type { Principal } from '../../core/broker-port.js';
import type { Logger } from '../../core/ports.js';
import { Call } from './call.js';
import { headersOf } from './headers.js';
import { indexPage } from './index-page.js';
import { pageAt } from './page.js';
import { redirects } from './redirects.js';
import { notFound, Refusal } from './refusal.js';
import { allowed, type Posted, type Resource } from './resource.js';

type Ask = Context<{ Bindings: HttpBindings }>;
/** Throws a Refusal (401) when the credentials are missing or wrong. */
export type Authenticate = (authorization: string | undefined, peer: string) => Promise<Principal>;

const nobody: Principal = { user: '', tags: [] };
const compress = promisify(gzip);
/** Shorter answers are not worth compressing (RabbitMQ's HTTP server has the same bound). */
const worthCompressing = 300;

export function createRouter(
  resources: Resource[],
  authenticate: Authenticate,
  options: HttpOptions,
  logger: Logger,
) {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(withHeaders(options));
  for (const resource of resources)
    app.all(resource.path, (ask) => answer(ask, resource, authenticate, options.maxBodySize));
  for (const [from, to] of redirects) app.get(from, (ask) => ask.body(null, 301, { location: to }));
  app.get('/api/index.html', (ask) => {
    const page = indexPage(resources);
    return reply(ask, 200, page, { 'content-type': 'text/html' }, false);
  });
  const page = pageAt();
  app.notFound(async (ask) => (await page(ask.req)) ?? refuse(ask, notFound(), false));
  app.onError((error, ask) => {
    if (!(error instanceof Refusal))
      logger.error(`HTTP API: ${ask.req.method} ${ask.req.path}: ${error.stack}`);
    return refuse(ask, error instanceof Refusal ? error : new Refusal(500, null), false);
  });
  return app;
}

/** An answer that has one of them already keeps its own. */
function withHeaders(options: HttpOptions): MiddlewareHandler {
  return async (ask, next) => {
    await next();
    const { headers } = ask.res;
    const asked = {
      method: ask.req.method,
      origin: ask.req.header('origin'),
      wanted: ask.req.header('access-control-request-headers'),
    };
    for (const [name, value] of Object.entries(headersOf(options, asked, headers))) {
      if (!headers.has(name)) headers.set(name, value);
    }
  };
}

async function answer(
  ask: Ask,
  resource: Resource,
  authenticate: Authenticate,
  largestBody: number,
): Promise<Response> {
  const method = ask.req.method === 'HEAD' && !resource.headless ? 'GET' : ask.req.method;
  if (method === 'OPTIONS' && !resource.withoutOptions)
    return reply(ask, 200, null, { allow: allowed(resource) }, false);
  const perform = handler(resource, method);
  if (perform === undefined) return refuse(ask, new Refusal(405, null, { allow: allowed(resource) }), false);
  try {
    const call = await understand(ask, resource, authenticate, largestBody);
    resource.access?.(call);
    if (!accepts(ask.req.header('accept'), resource.text ? 'text/plain' : 'application/json'))
      return refuse(ask, new Refusal(406, null), false);
    return await settle(ask, async () => {
      if ((method === 'GET' || method === 'DELETE') && resource.exists && !(await resource.exists(call)))
        throw notFound();
      if (resource.jsonOnly && sendsOther(method, call)) throw new Refusal(415, null);
      return perform(ask, call);
    });
  } catch (error) {
    if (error instanceof Refusal) return refuse(ask, error, false);
    throw error;
  }
}

async function settle(ask: Ask, perform: () => Promise<Response>): Promise<Response> {
  try {
    return await perform();
  } catch (error) {
    if (error instanceof Refusal) return refuse(ask, error, true);
    throw error;
  }
}

type Perform = (ask: Ask, call: Call) => Promise<Response>;

function handler(resource: Resource, method: string): Perform | undefined {
  const { get, text, put, post, delete: remove } = resource;
  if (method === 'GET' && text) return async (ask, call) => plainText(ask, await text(call));
  if (method === 'GET' && get) return async (ask, call) => json(ask, 200, await get(call));
  if (method === 'PUT' && put)
    return async (ask, call) => reply(ask, (await put(call)) ? 201 : 204, null, {}, true);
  if (method === 'POST' && post) return async (ask, call) => posted(ask, await post(call));
  if (method === 'DELETE' && remove) {
    return async (ask, call) => {
      await remove(call);
      return reply(ask, 204, null, {}, true);
    };
  }
  return undefined;
}

async function understand(
  ask: Ask,
  resource: Resource,
  authenticate: Authenticate,
  largestBody: number,
): Promise<Call> {
  const peer = ask.env.incoming.socket.remoteAddress ?? '';
  const principal =
    resource.access === null ? nobody : await authenticate(ask.req.header('authorization'), peer);
  const hasBody = ask.req.method !== 'GET' && ask.req.method !== 'HEAD' && ask.req.method !== 'DELETE';
  return new Call({
    principal,
    method: ask.req.method,
    path: ask.req.path,
    peer,
    params: ask.req.param() as Record<string, string>,
    query: new URL(ask.req.url).searchParams,
    header: (name) => ask.req.header(name),
    text: hasBody ? await bodyOf(ask, largestBody) : '',
  });
}

/** More than the largest is refused before it is kept. */
async function bodyOf(ask: Ask, largest: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of ask.req.raw.body ?? []) {
    size += chunk.length;
    if (size > largest) throw new Refusal(413, null, { connection: 'close' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function sendsOther(method: string, call: Call): boolean {
  if (method !== 'PUT' && method !== 'POST') return false;
  return !/^(application\/json|multipart\/form-data)\b/i.test(call.header('content-type') ?? '');
}

function accepts(header: string | undefined, offered: string): boolean {
  if (header === undefined || header === '') return true;
  return header.split(',').some((each) => {
    const type = each.split(';', 1)[0]?.trim().toLowerCase();
    return type === '*/*' || type === offered || type === offered.replace(/\/.*/, '/*');
  });
}

function posted(ask: Ask, { status, body, headers = {} }: Posted): Promise<Response> | Response {
  return body === undefined ? reply(ask, status, null, headers, true) : json(ask, status, body, headers);
}

async function json(ask: Ask, status: number, value: unknown, headers: Record<string, string> = {}) {
  const text = JSON.stringify(value);
  const shown = { 'cache-control': 'no-cache', 'content-type': 'application/json', ...headers };
  const compressed =
    text.length >= worthCompressing && (ask.req.header('accept-encoding') ?? '').includes('gzip');
  if (!compressed) return reply(ask, status, text, shown, true);
  const bytes = await compress(text, { level: 1 });
  return reply(ask, status, new Uint8Array(bytes), { ...shown, 'content-encoding': 'gzip' }, true);
}

/** Never taken for anything else: clients decide what stands in a log. */
function plainText(ask: Ask, text: Buffer): Response {
  const shown = { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' };
  return reply(ask, 200, new Uint8Array(text), shown, false);
}

function refuse(ask: Ask, refusal: Refusal, negotiated: boolean): Response {
  if (refusal.body === null) return reply(ask, refusal.status, null, refusal.headers, negotiated);
  const headers = { 'content-type': 'application/json', ...refusal.headers };
  return reply(ask, refusal.status, JSON.stringify(refusal.body), headers, negotiated);
}

function reply(
  ask: Ask,
  status: number,
  body: string | Uint8Array<ArrayBuffer> | null,
  headers: Record<string, string>,
  negotiated: boolean,
): Response {
  const length = body === null ? 0 : Buffer.byteLength(body);
  const all: Record<string, string> = {
    vary: negotiated ? 'accept, accept-encoding, origin' : 'origin',
    ...(status === 204 ? {} : { 'content-length': String(length) }),
    ...headers,
  };
  return new Response(ask.req.method === 'HEAD' ? null : body, { status, headers: all });
}
