import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterEach, expect, test } from 'vitest';
import { receiversOf } from '../../../src/operations/watch/tell.js';
import type { Notification } from '../../../src/watch/alerts/notification.js';
import { parseRules } from '../../../src/watch/rules/read.js';

const notification: Notification = {
  id: 'abc',
  event: 'fired',
  cluster: 'c',
  rule: 'node_down',
  severity: 'critical',
  subject: 'a',
  problem: 'node <a> is down',
  next: 'warren node start a',
  at: '2026-01-01T00:01:00.000Z',
  since: '2026-01-01T00:00:00.000Z',
};

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const one of cleanUps.splice(0)) one();
});

async function tell(receiver: string, env: Record<string, string> = {}): Promise<void> {
  const { receivers } = await parseRules(`receivers: [{ name: r, ${receiver} }]`, 'r.yaml');
  await (await receiversOf(receivers, env)).get('r')!(notification);
}

async function listening(server: Pick<Server, 'listen' | 'close'>): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => server.close());
}

async function webhook(status: number) {
  const got: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      got.push({ headers: request.headers, body });
      response.writeHead(status).end();
    });
  });
  await listening(server);
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/T0KEN` };
}

test('a webhook gets the document, with an id that is the same if it comes twice', async () => {
  const { got, url } = await webhook(204);
  await tell(`webhook: { url: '${url}' }`);
  expect(JSON.parse(got[0]!.body)).toEqual(notification);
  expect(got[0]!.headers['idempotency-key']).toBe('abc');
});

test('Slack gets its text, escaped, at an address that only the environment knows', async () => {
  const { got, url } = await webhook(200);
  await tell('webhook: { url: env:HOOK, format: slack }', { HOOK: url });
  expect(JSON.parse(got[0]!.body)).toEqual({
    text: ':red_circle: critical: node &lt;a&gt; is down (cluster c)\nnext: `warren node start a`',
  });
});

test('what a webhook refuses is an error, without the address', async () => {
  const { url } = await webhook(503);
  await expect(tell(`webhook: { url: '${url}' }`)).rejects.toThrow(/^it answered 503$/);
  const error = await tell("webhook: { url: 'http://127.0.0.1:1/T0KEN' }").catch((thrown) => thrown);
  expect(String(error)).not.toContain('T0KEN');
  await expect(tell('webhook: { url: env:HOOK }')).rejects.toMatchObject({ code: 'SECRET_MISSING' });
});

test('mail goes out with its login, and its id is the same if it is sent twice', async () => {
  const mails: { user: unknown; from: unknown; to: string[]; text: string }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    onAuth: ({ username, password }, _session, done) =>
      password === 'hunter2' ? done(null, { user: username }) : done(new Error('no')),
    onData(stream, { envelope, user }, done) {
      let text = '';
      stream.on('data', (chunk) => {
        text += chunk;
      });
      stream.on('end', () => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : undefined;
        mails.push({ user, from, to: envelope.rcptTo.map(({ address }) => address), text });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => server.close());
  const { port } = server.server.address() as AddressInfo;
  const email = (more: string) =>
    `email: { server: '127.0.0.1:${port}', from: a@x.org, to: [b@x.org, c@x.org], ${more} }`;
  await tell(email('security: none, user: me, password: env:PW'), { PW: 'hunter2' });
  expect(mails).toMatchObject([{ user: 'me', from: 'a@x.org', to: ['b@x.org', 'c@x.org'] }]);
  expect(mails[0]!.text).toContain('Message-ID: <abc@warren>');
  expect(mails[0]!.text).toContain('Subject: [rabbitmq] critical: node <a> is down (cluster c)');
  expect(mails[0]!.text).toContain('next: warren node start a');
  await expect(tell(email('security: none, user: me, password: env:PW'), { PW: 'wrong' })).rejects.toThrow();
  // Without being told to, nothing goes out in the clear.
  await expect(tell(email('user: me, password: env:PW'), { PW: 'hunter2' })).rejects.toThrow(
    /certificate|STARTTLS/,
  );
  expect(mails).toHaveLength(1);
});

test('a command gets it on its standard input; one that fails, or is not there, is an error', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'warren-notify-'));
  cleanUps.push(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'told');
  await tell(`command: [sh, -c, 'cat > "$0"', '${file}']`);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(notification);
  await expect(tell("command: [sh, -c, 'echo full >&2; exit 3']")).rejects.toThrow('it ended with 3: full');
  await expect(tell('command: [/nowhere/page]')).rejects.toThrow(/ENOENT/);
});
