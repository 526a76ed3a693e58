/** `warren dashboard` before an API of our own making: what it forwards, what it keeps, what it refuses. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../engines/until.js';
import { type Dashboard, startDashboard } from '../web/dashboard.js';
import { ended, Warren } from './warren.js';

const seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
let api: Server;
let dashboard: Dashboard;

beforeAll(async () => {
  api = createServer(async (asked, response) => {
    let body = '';
    for await (const chunk of asked) body += chunk;
    seen.push({ method: asked.method ?? '', url: asked.url ?? '', headers: asked.headers, body });
    const status = asked.url?.endsWith('/refused') ? 401 : 200;
    response.writeHead(status, {
      'content-type': 'application/json',
      'www-authenticate': 'Basic realm="x"',
      'set-cookie': 'a=b',
    });
    response.end('{"name":"ops"}');
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  const { port } = api.address() as AddressInfo;
  dashboard = await startDashboard('--url', `http://ops:s%3Acret@127.0.0.1:${port}/below/`);
});

afterAll(async () => {
  await dashboard?.end();
  api.close();
});

/** As it is written: `fetch` would tidy a path up. */
function raw(method: string, path: string, headers: Record<string, string> = {}, body = '') {
  const { hostname, port } = new URL(dashboard.url);
  return new Promise<{ status: number; headers: IncomingMessage['headers']; text: string }>(
    (resolve, reject) => {
      const call = request({ hostname, port, method, path, headers }, async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
      call.on('error', reject);
      call.end(body);
    },
  );
}

const below = (path: string) => new URL(dashboard.url).pathname + path;

it('binds to the loopback address, behind a token that cannot be guessed', () => {
  expect(dashboard.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/);
});

it('asks the API with its own login, and passes on what was asked', async () => {
  const headers = { authorization: 'Basic bXk6b3du', cookie: 'c=d', 'content-type': 'application/json' };
  const answer = await raw('PUT', below('api/queues/%2F/a%20b?x=1'), headers, '{"durable":true}');
  expect(answer).toMatchObject({ status: 200, text: '{"name":"ops"}' });
  const [{ method, url, headers: sent, body }] = seen.splice(0) as [(typeof seen)[0]];
  expect({ method, url, body }).toEqual({
    method: 'PUT',
    url: '/below/api/queues/%2F/a%20b?x=1',
    body: '{"durable":true}',
  });
  expect(sent.authorization).toBe(`Basic ${Buffer.from('ops:s:cret').toString('base64')}`);
  expect(sent.cookie).toBeUndefined();
});

it('keeps the login from the browser, and the wish for one', async () => {
  const answers = await Promise.all(
    ['', 'setup.json', 'api/whoami', 'api/refused', 'no-such-file'].map((path) => raw('GET', below(path))),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 401, 404]);
  for (const { headers, text } of answers) {
    expect(JSON.stringify(headers) + text).not.toMatch(/cret|b3Bz|authenticate|set-cookie/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
  expect(answers[0]?.headers['content-security-policy']).toMatch(
    /script-src 'self';.*frame-ancestors 'none'/,
  );
});

it('forwards nothing to who does not know the token, and nothing but the API', async () => {
  seen.splice(0);
  const token = below('').slice(1, -1);
  const other = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
  const paths = [
    '/',
    '/api/whoami',
    `/${other}/api/whoami`,
    `/${other}/`,
    below('api/../cli/rabbitmqadmin'),
    below('api/%2e%2e/cli/rabbitmqadmin'),
    below('cli/rabbitmqadmin'),
    below('../package.json'),
    below('..%2f..%2fpackage.json'),
    below('vendor/../../package.json'),
  ];
  const answers = await Promise.all(paths.map((path) => raw('GET', path)));
  expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 404));
  expect((await raw('TRACE', below('api/whoami'))).status).toBe(405);
  expect(seen).toEqual([]);
});

it('sends a file once, and then only that it is the same', async () => {
  const first = await raw('GET', below('main.js'));
  expect(first.headers).toMatchObject({
    'cache-control': 'no-cache',
    'content-type': 'text/javascript; charset=utf-8',
  });
  const again = await raw('GET', below('main.js'), { 'if-none-match': String(first.headers.etag) });
  expect(again).toMatchObject({ status: 304, text: '' });
});

it('refuses what is no management URL, and a port that is taken', async () => {
  const warren = new Warren();
  try {
    const wrong = await warren.run(['dashboard', '--url', 'amqp://ops:secret@mq1']);
    expect(wrong).toMatchObject({ status: 64 });
    expect(wrong.stderr).not.toContain('secret');
    const { port } = new URL(dashboard.url);
    const taken = await warren.run(['dashboard', '--url', 'http://127.0.0.1:1', '--port', port]);
    expect(taken).toMatchObject({ status: 73 });
    expect(taken.stderr).toContain(`cannot listen on port ${port}`);
  } finally {
    await warren.destroy();
  }
});

it('opens the browser of the desktop with its address, and says so where there is none', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'warren-open-'));
  const [opener, opened] = [path.join(folder, 'xdg-open'), path.join(folder, 'opened')];
  writeFileSync(opener, `#!/bin/sh\nprintf '%s\\n' "$@" >${opened}.new; mv ${opened}.new ${opened}\n`, {
    mode: 0o755,
  });
  const warren = new Warren({ PATH: `${folder}:${process.env.PATH}` });
  const open = async (over: () => Promise<boolean>) => {
    const serving = warren.start(['dashboard', '--url', 'http://127.0.0.1:1', '--open']);
    const end = ended(serving);
    let said = '';
    serving.stderr?.on('data', (text) => {
      said += text;
    });
    await until('it has tried', async () => said.includes('No browser') || (await over()));
    serving.kill('SIGINT');
    return end;
  };
  const { stdout } = await open(async () => existsSync(opened));
  expect(stdout).toBe(`127.0.0.1:1: ${readFileSync(opened, 'utf8')}`);
  writeFileSync(opener, '#!/bin/sh\nexit 3\n');
  expect((await open(async () => false)).stderr).toContain('No browser could be opened: copy the address.');
  await warren.destroy();
  rmSync(folder, { recursive: true });
});

it('ends well at Ctrl-C', async () => {
  const another = await startDashboard('--url', 'http://127.0.0.1:1');
  expect(await another.end()).toBe(0);
});
