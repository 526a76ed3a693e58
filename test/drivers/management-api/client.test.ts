import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManagementApi, segment } from '../../../src/drivers/management-api/client.js';

let server: Server;
let seen: { method: string; url: string; authorization: string; body: string }[];
let answer: { status: number; body: string };

beforeEach(async () => {
  seen = [];
  answer = { status: 200, body: '{"ok":true}' };
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      seen.push({ method, url, authorization: headers.authorization ?? '', body });
      response.writeHead(answer.status).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
});
afterEach(() => server.close());

function api(credentials = ''): ManagementApi {
  return new ManagementApi(`http://${credentials}127.0.0.1:${(server.address() as AddressInfo).port}`);
}

test('vhost / is one segment of the path, and the user and password go along', async () => {
  const client = api('app:s%40cret@');
  await client.put(`/policies/${segment('/')}/ha-all`, { pattern: '^' });
  client.close();
  expect(seen).toEqual([
    {
      method: 'PUT',
      url: '/api/policies/%2F/ha-all',
      authorization: `Basic ${Buffer.from('app:s@cret').toString('base64')}`,
      body: '{"pattern":"^"}',
    },
  ]);
});

test.each([
  [401, '{"error":"not_authorised","reason":"User can only log in via localhost"}', 'API_REFUSED_LOGIN', 77],
  [404, '{"error":"Object Not Found","reason":"Not Found"}', 'API_NOT_FOUND', 69],
  [500, 'oops', 'API_ERROR', 69],
])('an answer of %i is an error with what the broker said', async (status, body, code, exit) => {
  answer = { status, body };
  const client = api();
  await expect(client.get('/overview')).rejects.toMatchObject({ code, report: { exit } });
  client.close();
});

test('nobody there', async () => {
  const client = api();
  await new Promise((resolve) => server.close(resolve));
  await expect(client.get('/overview')).rejects.toMatchObject({ code: 'API_UNREACHABLE' });
});

test('one that never answers', async () => {
  server.removeAllListeners('request');
  const client = api();
  await expect(client.get('/overview', 50)).rejects.toThrow('no answer in 0.05 s');
  client.close();
  server.closeAllConnections();
});
