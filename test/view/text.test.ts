import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { errorText } from '../../src/view/error-text.js';
import { jsonText } from '../../src/view/json.js';
import { bareBody, messageDocument } from '../../src/view/message.js';
import { paintFor, plain } from '../../src/view/paint.js';
import { shellLines } from '../../src/view/shell.js';
import { statusText } from '../../src/view/status.js';
import { table } from '../../src/view/table.js';

test('an error: what, where, why, next; a reason of several lines stays in its column', () => {
  const report = {
    code: 'X',
    message: 'it broke',
    where: 'a.yaml:1:2',
    why: 'one\ntwo',
    next: 'warren up',
    exit: 69,
  };
  expect(errorText(report, plain)).toBe(
    ['error: it broke', 'where: a.yaml:1:2', '  why: one', '       two', ' next: warren up'].join('\n'),
  );
});

test('what clients wrote commands no terminal: bodies, errors, JSON; a program gets every byte', () => {
  const body = Buffer.from('a\u001b[2J\tb\nc\u009b1m\u202e');
  expect(bareBody(body, { isTTY: true }).toString()).toBe('a\\u001b[2J\tb\nc\\u009b1m\\u202e\n');
  expect(bareBody(body, {})).toEqual(Buffer.concat([body, Buffer.from('\n')]));
  const report = { code: 'X', message: 'no queue \u001b]0;x\u0007', next: 'n', exit: 69 };
  expect(errorText(report, plain)).toContain('no queue \\u001b]0;x\\u0007');
  const text = jsonText({ body: body.toString() });
  expect(text).toBe('{"body":"a\\u001b[2J\\tb\\nc\\u009b1m\\u202e"}');
  expect(JSON.parse(text)).toEqual({ body: body.toString() });
});

test('a table has no trailing blanks and no frame', () => {
  expect(
    table(
      ['NODE', 'PID'],
      [
        ['rabbit-1', 7],
        ['r', null],
      ],
    ),
  ).toBe('NODE      PID\nrabbit-1  7\nr         -');
});

test('shell lines survive any path', () => {
  const path = "/tmp/it's a folder";
  const lines = shellLines(path, { RABBITMQ_LOG_BASE: '/x y/$z' });
  const shown = execFileSync('sh', [
    '-c',
    `PATH=/usr/bin:/bin\n${lines}\nprintf '%s|%s' "$PATH" "$RABBITMQ_LOG_BASE"`,
  ]);
  expect(shown.toString()).toBe(`${path}:/usr/bin:/bin|/x y/$z`);
});

test('a body that is not text is shown as base64', () => {
  const around = { exchange: '', routingKey: 'q', redelivered: false, properties: {} };
  expect(messageDocument({ ...around, body: Buffer.from('héllo') })).toMatchObject({
    payload: 'héllo',
    payload_encoding: 'string',
  });
  expect(messageDocument({ ...around, body: Buffer.from([0xff, 0x00]) })).toMatchObject({
    payload: '/wA=',
    payload_encoding: 'base64',
  });
});

test('a status in which the nodes disagree says so, and marks mirrors that are not synchronised', () => {
  const text = statusText({
    cluster: 'blue',
    answered: true,
    agree: false,
    problems: [],
    views: [
      {
        node: 'a@localhost',
        answer: 'ok',
        version: '3.10.8',
        running: ['a@localhost'],
        partitions: ['b@localhost'],
        alarms: [],
      },
      { node: 'b@localhost', answer: 'stopped' },
    ],
    queues: [
      {
        vhost: '/',
        queue: 'q',
        type: 'classic',
        state: 'running',
        messages: 3,
        leader: 'a@localhost',
        mirrors: ['b@localhost'],
        unsynchronised: ['b@localhost'],
      },
    ],
  });
  expect(text).toContain('do not agree');
  expect(text).toMatch(/b@localhost +stopped +- /);
  expect(text).toMatch(/q +classic +running +3 +a@localhost +b \(unsynchronised\)/);
});

test('colour is for terminals, and for those who want it', async () => {
  expect(await paintFor({}, {})).toBe(plain);
  expect(await paintFor({ isTTY: true }, { NO_COLOR: '1' })).toBe(plain);
  expect(await paintFor({ isTTY: true }, {})).not.toBe(plain);
});
