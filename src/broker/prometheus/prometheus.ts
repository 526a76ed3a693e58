/**
 * Metrics of one node for Prometheus: RabbitMQ's names, read when they are asked for. Loaded only where the
 * rabbitmq_prometheus plugin is enabled; nobody has to log in, as in RabbitMQ.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { MetricsOptions, WebListeners } from '../config/node-config.js';
import type { Admin } from '../core/admin-port.js';
import type { Clock, Logger } from '../core/ports.js';
import { HttpListeners } from '../http/http-listeners.js';
import { exposition } from './exposition.js';
import { shownAt } from './registries.js';

export interface MetricsPorts {
  admin: Admin;
  clock: Clock;
  logger: Logger;
  facts(): MetricsFacts;
}

/** What the process is and uses now; sizes in bytes, times in milliseconds since 1970. */
export interface MetricsFacts {
  productVersion: string;
  startedAt: number;
  memory: { rss: number; limit: number };
  disk: { free: number; limit: number };
  fileDescriptors: { used: number; limit: number; socketsUsed: number; socketsLimit: number };
}

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

const methods = 'HEAD, GET, OPTIONS';
const contentType = 'text/plain; version=0.0.4';
const compressed = promisify(gzip);

/** Rejects with the socket's error (EADDRINUSE …); nothing is left then. */
export async function startPrometheus(ports: MetricsPorts, options: WebListeners & MetricsOptions) {
  const http = new HttpListeners((request, response) => {
    void respond(request, response, answerTo(ports, options, request)).catch((error: Error) => {
      ports.logger.error(`metrics could not be sent: ${error.message}`);
      response.destroy();
    });
  });
  await http.listen(options, ['http/prometheus', 'https/prometheus']);
  return {
    listeners: http.open,
    suspend: () => http.suspend(),
    resume: () => http.resume(),
    close: () => http.close(),
  };
}

function answerTo(ports: MetricsPorts, options: MetricsOptions, request: IncomingMessage): Answer {
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  const registry = path === options.path ? '' : after(path, `${options.path}/`);
  if (registry === undefined) {
    const body = JSON.stringify({ error: 'Object Not Found', reason: 'Not Found' });
    return { status: 404, headers: { 'content-type': 'application/json' }, body };
  }
  const { method } = request;
  if (method === 'HEAD') return { status: 204 };
  if (method === 'OPTIONS') return { status: 200, headers: { allow: methods } };
  if (method !== 'GET') return { status: 405, headers: { allow: methods } };
  if (!takesText(request.headers.accept)) return { status: 406 };
  const asked = new URLSearchParams(query);
  const shown = shownAt(registry, asked.getAll('family'), options.perObject);
  if (shown === undefined) {
    return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Unknown Registry' };
  }
  const vhosts = asked.has('vhost') ? new Set(asked.getAll('vhost')) : null;
  const node = { admin: ports.admin, facts: ports.facts(), now: ports.clock.now(), vhosts };
  return { status: 200, headers: { 'content-type': contentType }, body: exposition(shown, node) };
}

async function respond(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const { status, headers, body = '' } = answer;
  const wanted = status === 200 && body !== '' && /\bgzip\b/.test(String(request.headers['accept-encoding']));
  const bytes = wanted ? await compressed(body) : Buffer.from(body);
  response.writeHead(status, {
    ...headers,
    ...(wanted ? { 'content-encoding': 'gzip' } : {}),
    ...(status === 204 ? {} : { 'content-length': bytes.length }),
    'x-content-type-options': 'nosniff',
  });
  response.end(status === 204 ? undefined : bytes);
}

function after(path: string, beginning: string): string | undefined {
  return path.startsWith(beginning) ? path.slice(beginning.length) : undefined;
}

function takesText(accept: string | undefined): boolean {
  return accept === undefined || /(^|[\s,])(\*\/\*|text\/(\*|plain))/.test(accept);
}
