/**
 * The server of the dashboard, on the loopback address alone. Its address holds a random token as the first
 * part of the path: who does not know it gets 404 for everything, and it is sent to no other server, as a
 * cookie would be. Below it are the page's own files and /api, which is forwarded with the credentials that
 * only this process has; nothing else is. The answer's own wish for a login is kept from the browser.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { WarrenError } from '../../errors/warren-error.js';
import { WebFiles } from '../../web-files/web-files.js';
import type { Upstream } from './upstream.js';

export interface DashboardServer {
  readonly url: string;
  close(): Promise<void>;
}

const address = '127.0.0.1';
const methods = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'];
/** As much as the API itself takes. */
const largestBody = 20 * 1024 * 1024;
const passedOn = ['content-type', 'accept', 'accept-encoding'];
const passedBack = ['content-type', 'content-length', 'content-encoding', 'cache-control', 'vary'];

export async function serveDashboard(
  upstream: Upstream,
  setup: object,
  port: number,
): Promise<DashboardServer> {
  const token = randomBytes(24).toString('base64url');
  const files = new WebFiles({ 'setup.json': JSON.stringify(setup) });
  const server = createServer({ headersTimeout: 10_000 }, (request, response) => {
    answer({ token, files, upstream }, request, response).catch(() => response.destroy());
  });
  await listening(server, port);
  const { port: taken } = server.address() as AddressInfo;
  return { url: `http://${address}:${taken}/${token}/`, close: () => closed(server) };
}

interface Served {
  readonly token: string;
  readonly files: WebFiles;
  readonly upstream: Upstream;
}

async function answer(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = URL.parse(request.url ?? '', `http://${address}`);
  const [, given = '', ...rest] = url?.pathname.split('/') ?? [];
  if (!url || !same(given, served.token))
    return refuse(response, 404, 'open the address that warren dashboard printed');
  const below = rest.join('/');
  // Relative addresses of the page are below the token only with the slash.
  if (rest.length === 0) return void response.writeHead(308, { location: `/${given}/` }).end();
  if (below.startsWith('api/')) return forward(served.upstream, request, response, `/${below}${url.search}`);
  const file = await served.files.answer({
    method: request.method ?? '',
    name: below,
    acceptEncoding: request.headers['accept-encoding'] as string | undefined,
    ifNoneMatch: request.headers['if-none-match'],
  });
  if (!file) return refuse(response, 404, 'there is no such file');
  response.writeHead(file.status, file.headers).end(file.body);
}

async function forward(
  upstream: Upstream,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const method = request.method ?? '';
  if (!methods.includes(method)) return refuse(response, 405, 'method not allowed');
  const body = await bodyOf(request);
  if (body === null) return refuse(response, 413, 'the body is too large');
  let answered: IncomingMessage;
  try {
    answered = await upstream.forward({ method, path, headers: picked(request.headers, passedOn), body });
  } catch (error) {
    return refuse(response, 502, `the management API does not answer: ${(error as Error).message}`);
  }
  response.writeHead(answered.statusCode ?? 502, {
    ...picked(answered.headers, passedBack),
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  });
  await pipeline(answered, response);
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  const headers = {
    'content-type': 'application/json',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  };
  response.writeHead(status, headers).end(JSON.stringify({ error: 'dashboard', reason }));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function picked(headers: IncomingMessage['headers'], names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
  );
}

/** In the same time wherever they differ. */
function same(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(WarrenError.of('DASHBOARD_PORT', { port, reason: error.message }, { cause: error })),
    );
    server.listen(port, address, resolve);
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
