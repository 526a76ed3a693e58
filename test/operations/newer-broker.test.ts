/** What a command does on versions that this machine has not, by a small server that answers as they do. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inProcess } from '../commands/in-process.js';

let server: Server;
let version: string;
let seen: string[];
let answers: Record<string, [number, unknown]>;

beforeEach(async () => {
  seen = [];
  version = '4.1.2';
  answers = {
    'GET /api/nodes': [200, [{ name: 'rabbit@a', running: true, enabled_plugins: ['rabbitmq_management'] }]],
    'GET /api/vhosts/%2F': [200, { name: '/', description: 'Default virtual host', tags: [] }],
  };
  server = createServer(async (request, response) => {
    const route = `${request.method} ${request.url?.split('?')[0]}`;
    const body = await bodyOf(request);
    if (request.method !== 'GET') seen.push(body === '' ? route : `${route} ${body}`);
    const overview: [number, unknown] = [
      200,
      { rabbitmq_version: version, cluster_name: 'far', node: 'rabbit@a' },
    ];
    const fallback: [number, unknown] =
      request.method === 'GET' ? [404, { error: 'Object Not Found', reason: 'Not Found' }] : [204, undefined];
    const [status, answer] = route === 'GET /api/overview' ? overview : (answers[route] ?? fallback);
    response.writeHead(status).end(answer === undefined ? '' : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
});
afterEach(() => server.close());

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

const warren = (...args: string[]) =>
  inProcess(args, { WARREN_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });

test('4.x has no mirrors: ha set means quorum queues, and keeps what the vhost says of itself', async () => {
  expect(await warren('ha', 'set')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('a queue declared without a type is a quorum queue from now on'),
  });
  expect(await warren('ha', 'set', '--replicas', '5')).toMatchObject({ status: 0 });
  expect(await warren('ha', 'clear', '--yes')).toMatchObject({ status: 0 });
  const vhost = (type: string) =>
    `PUT /api/vhosts/%2F ${JSON.stringify({ description: 'Default virtual host', tags: '', default_queue_type: type })}`;
  expect(seen).toEqual([
    vhost('quorum'),
    vhost('quorum'),
    expect.stringMatching(
      /^PUT \/api\/policies\/%2F\/ha .*"target-group-size":5.*"apply-to":"quorum_queues"/,
    ),
    vhost('classic'),
  ]);
});

test('4.x refuses what it no longer has, in a sentence, before anything is sent', async () => {
  expect(await warren('policy', 'set', 'ha-all', '^', 'ha-mode=all')).toMatchObject({
    status: 69,
    stderr: expect.stringMatching(/RabbitMQ 4\.1\.2 has no mirrored classic queues.*\n next: warren ha set/),
  });
  expect((await warren('ha', 'set', '--sync', 'manual')).stderr).toContain('leave --sync out');
  expect(seen).toEqual([]);
});

test('up to 3.13 the same words are a policy; it takes the place of one on the same queues', async () => {
  version = '3.13.7';
  answers['GET /api/nodes'] = [
    200,
    ['a', 'b', 'c'].map((name) => ({ name: `rabbit@${name}`, running: true })),
  ];
  const old = {
    name: 'ha-all',
    pattern: '^(?!amq\\.)',
    definition: { 'ha-mode': 'all' },
    'apply-to': 'queues',
    priority: 3,
  };
  answers['GET /api/policies/%2F'] = [200, [old]];
  expect(await warren('ha', 'set', '--replicas', '2')).toMatchObject({ status: 0 });
  const definition = {
    'ha-mode': 'exactly',
    'ha-params': 2,
    'ha-sync-mode': 'automatic',
    'ha-promote-on-failure': 'when-synced',
  };
  const { pattern, priority } = old;
  expect(seen).toEqual([
    `PUT /api/policies/%2F/ha-all ${JSON.stringify({ pattern, definition, 'apply-to': 'queues', priority })}`,
  ]);
});

test('clearing takes the mirrors out of a policy and leaves the rest of it', async () => {
  version = '3.12.0';
  const both = {
    name: 'both',
    pattern: '^a',
    definition: { 'ha-mode': 'all', 'max-length': 5 },
    'apply-to': 'queues',
    priority: 0,
  };
  const only = {
    name: 'only',
    pattern: '^b',
    definition: { 'ha-mode': 'all' },
    'apply-to': 'queues',
    priority: 0,
  };
  answers['GET /api/policies/%2F'] = [200, [both, only]];
  expect(await warren('ha', 'clear', '--yes')).toMatchObject({ status: 0 });
  expect(seen).toEqual([
    `PUT /api/policies/%2F/both ${JSON.stringify({ ...both, definition: { 'max-length': 5 } })}`,
    'DELETE /api/policies/%2F/only',
  ]);
});

test('versions that have no feature flags, and no rebalancing', async () => {
  version = '3.7.28';
  expect((await warren('feature-flag', 'list')).stderr).toContain('RabbitMQ 3.7.28 has no feature flags');
  answers['POST /api/rebalance/queues'] = [404, { error: 'Object Not Found', reason: 'Not Found' }];
  expect((await warren('queue', 'rebalance')).stderr).toContain('RabbitMQ 3.7.28 has no rebalancing');
});

test('members of a quorum queue, and which queue would not survive its next loss', async () => {
  const members = ['rabbit@a', 'rabbit@b', 'rabbit@c'];
  const queue = {
    name: 'q',
    vhost: '/',
    type: 'quorum',
    leader: 'rabbit@a',
    members,
    online: ['rabbit@a', 'rabbit@b'],
  };
  answers['GET /api/queues/%2F/q'] = [200, queue];
  answers['GET /api/queues'] = [200, { items: [queue], page_count: 1 }];
  expect((await warren('queue', 'members', 'q')).stdout).toContain('rabbit@c  member  no');
  expect((await warren('ha', 'status', '--columns', 'name,copies,ready,safe')).stdout).toContain(
    'q     3       2      no: the next loss ends the majority',
  );
});

test('a watched list is printed anew, and each document is a line under --json', async () => {
  let asked = 0;
  server.on('request', () => {
    asked++;
    if (asked === 3) setImmediate(() => process.emit('SIGINT', 'SIGINT'));
  });
  answers['GET /api/users'] = [200, [{ name: 'guest', tags: ['administrator'] }]];
  const { status, stdout } = await warren('user', 'list', '--watch', '1', '--json', '--columns', 'name');
  expect(status).toBe(0);
  const lines = stdout.trim().split('\n');
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) expect(JSON.parse(line)).toEqual([{ name: 'guest' }]);
});
