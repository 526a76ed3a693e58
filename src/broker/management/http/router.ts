/**
 * Leads a request to its resource, in the order in which RabbitMQ decides: method allowed (405), who asks (401),
 * representation (406), existence (404), then the method itself. Every refusal ends here.
 */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { HttpOptions } from '../../config/node-config.js';
import type { Principal } from '../../core/broker-port.js';
import type { Logger } from '../../core/ports.js';
import type { Answer, Asked } from './answer.js';
import { Bodies, type Body } from './body.js';
import { Call } from './call.js';
import { headersOf } from './headers.js';
import { indexPage } from './index-page.js';
import { pageAt } from './page.js';
import { redirects } from './redirects.js';
import { notFound, Refusal } from './refusal.js';
import { allowed, type Posted, type Resource } from './resource.js';
import { isBroken, type Params, Routes } from './routes.js';

/** Throws a Refusal (401) when the credentials are missing or wrong. */
export type Authenticate = (authorization: string | undefined, peer: string) => Promise<Principal>;

/** What every request meets. */
interface Asking {
  authenticate: Authenticate;
  /** Of the query, on for every request. */
  switches: ReadonlySet<string>;
  bodies: Bodies;
}

const nobody: Principal = { user: '', tags: [] };
const compress = promisify(gzip);
/** Shorter answers are not worth compressing (RabbitMQ's HTTP server has the same bound). */
const worthCompressing = 300;

export function createRouter(
  resources: Resource[],
  authenticate: Authenticate,
  options: HttpOptions,
  logger: Logger,
): (asked: Asked) => Promise<Answer> {
  const { pathPrefix: prefix, switches, maxBodySize } = options;
  const asking = { authenticate, switches, bodies: new Bodies(maxBodySize) };
  const redirect = (to: string) =>
    toGet((asked) => reply(asked, 301, null, { location: prefix + to }, false));
  const routes = new Routes<Leads>();
  for (const resource of resources)
    routes.add(resource.path, (asked, params) => answer({ asked, params }, resource, asking));
  for (const [from, to] of redirects) routes.add(from, redirect(to));
  routes.add(
    '/api/index.html',
    toGet((asked) => reply(asked, 200, indexPage(resources), { 'content-type': 'text/html' }, false)),
  );
  const page = pageAt();
  const below = async (asked: Asked): Promise<Answer | null> => {
    const found = routes.find(asked.path);
    const led = found && (await found.value(asked, found.params));
    return led ?? page(asked);
  };
  const lead = async (asked: Asked): Promise<Answer> => {
    const { path } = asked;
    // The page's own files are beside it: its address ends in a slash.
    const outside = path === '/' || path === prefix ? redirect('/')(asked, {}) : null;
    const led = path.startsWith(`${prefix}/`)
      ? below({ ...asked, path: path.slice(prefix.length) })
      : outside;
    return (await led) ?? refuse(asked, notFound(), false);
  };
  return async (asked) => {
    const answered = await lead(asked).catch((error) => {
      if (error instanceof Refusal) return refuse(asked, error, false);
      logger.error(`HTTP API: ${asked.method} ${asked.path}: ${error.stack}`);
      return refuse(asked, new Refusal(500, null), false);
    });
    return { ...answered, headers: { ...headersOf(options, asked, answered), ...answered.headers } };
  };
}

/** Null where there is nothing for this method. */
type Leads = (asked: Asked, params: Params) => Promise<Answer | null>;

const toGet =
  (answered: (asked: Asked) => Answer): Leads =>
  async (asked) =>
    asked.method === 'GET' || asked.method === 'HEAD' ? answered(asked) : null;

/** A request and the names in its path. */
interface Ask {
  readonly asked: Asked;
  readonly params: Params;
}

async function answer(ask: Ask, resource: Resource, asking: Asking): Promise<Answer> {
  const { asked } = ask;
  const method = asked.method === 'HEAD' && !resource.headless ? 'GET' : asked.method;
  if (method === 'OPTIONS' && !resource.withoutOptions)
    return reply(asked, 200, null, { allow: allowed(resource) }, false);
  const perform = handler(resource, method);
  if (perform === undefined)
    return refuse(asked, new Refusal(405, null, { allow: allowed(resource) }), false);
  const body = asking.bodies.one();
  try {
    const call = await understand(ask, resource, asking, body);
    resource.access?.(call);
    if (!accepts(asked.headers.accept, resource.text ? 'text/plain' : 'application/json'))
      return refuse(asked, new Refusal(406, null), false);
    return await settle(asked, async () => {
      if ((method === 'GET' || method === 'DELETE') && resource.exists && !(await resource.exists(call)))
        throw notFound();
      if (resource.jsonOnly && sendsOther(method, call)) throw new Refusal(415, null);
      return perform(asked, call);
    });
  } catch (error) {
    if (error instanceof Refusal) return refuse(asked, error, false);
    throw error;
  } finally {
    body.release();
  }
}

async function settle(asked: Asked, perform: () => Promise<Answer>): Promise<Answer> {
  try {
    return await perform();
  } catch (error) {
    if (error instanceof Refusal) return refuse(asked, error, true);
    throw error;
  }
}

type Perform = (asked: Asked, call: Call) => Promise<Answer>;

function handler(resource: Resource, method: string): Perform | undefined {
  const { get, text, put, post, delete: remove } = resource;
  if (method === 'GET' && text) return async (asked, call) => plainText(asked, await text(call));
  if (method === 'GET' && get)
    return async (asked, call) => json(asked, 200, await get(call), resource.headers?.(call));
  if (method === 'PUT' && put)
    return async (asked, call) => reply(asked, (await put(call)) ? 201 : 204, null, {}, true);
  if (method === 'POST' && post) return async (asked, call) => posted(asked, await post(call));
  if (method === 'DELETE' && remove) {
    return async (asked, call) => {
      await remove(call);
      return reply(asked, 204, null, {}, true);
    };
  }
  return undefined;
}

async function understand(
  { asked, params }: Ask,
  resource: Resource,
  { authenticate, switches }: Asking,
  body: Body,
): Promise<Call> {
  const { method, headers, peer, query } = asked;
  if (isBroken(query)) throw new Refusal(400, null);
  const asks = new URLSearchParams(query);
  const inQuery = resource.authInQuery ? asks.get('auth') : null;
  const authorization = inQuery ? `Basic ${inQuery}` : headers.authorization;
  const principal = resource.access === null ? nobody : await authenticate(authorization, peer);
  const hasBody = method !== 'GET' && method !== 'HEAD' && method !== 'DELETE';
  return new Call({
    principal,
    method,
    path: asked.path,
    peer,
    params,
    query: asks,
    header: (name) => headers[name]?.toString(),
    text: hasBody ? await body.read(asked.body) : '',
    switches,
  });
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

function posted(asked: Asked, { status, body, headers = {} }: Posted): Promise<Answer> | Answer {
  return body === undefined ? reply(asked, status, null, headers, true) : json(asked, status, body, headers);
}

async function json(asked: Asked, status: number, value: unknown, headers: Record<string, string> = {}) {
  const text = JSON.stringify(value);
  const shown = { 'cache-control': 'no-cache', 'content-type': 'application/json', ...headers };
  const compressed =
    text.length >= worthCompressing && /\bgzip\b/.test(String(asked.headers['accept-encoding'] ?? ''));
  if (!compressed) return reply(asked, status, text, shown, true);
  const bytes = await compress(text, { level: 1 });
  return reply(asked, status, bytes, { ...shown, 'content-encoding': 'gzip' }, true);
}

/** Never taken for anything else: clients decide what stands in a log. */
function plainText(asked: Asked, text: Buffer): Answer {
  const shown = { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' };
  return reply(asked, 200, text, shown, false);
}

function refuse(asked: Asked, refusal: Refusal, negotiated: boolean): Answer {
  if (refusal.body === null) return reply(asked, refusal.status, null, refusal.headers, negotiated);
  const headers = { 'content-type': 'application/json', ...refusal.headers };
  return reply(asked, refusal.status, JSON.stringify(refusal.body), headers, negotiated);
}

function reply(
  asked: Asked,
  status: number,
  body: string | Uint8Array | null,
  headers: Record<string, string>,
  negotiated: boolean,
): Answer {
  const length = body === null ? 0 : Buffer.byteLength(body);
  const all: Record<string, string> = {
    vary: negotiated ? 'accept, accept-encoding, origin' : 'origin',
    ...(status === 204 ? {} : { 'content-length': String(length) }),
    ...headers,
  };
  return { status, headers: all, body: asked.method === 'HEAD' ? null : body };
}
