import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Answers } from '../../../../src/broker/cluster/link/answers.js';
import { openLink } from '../../../../src/broker/cluster/link/connect.js';
import { LinkError } from '../../../../src/broker/cluster/link/errors.js';
import { FrameReader, frameTypes } from '../../../../src/broker/cluster/link/frame.js';
import { CalledHandshake, CallerHandshake } from '../../../../src/broker/cluster/link/handshake.js';
import type { FrameHandlers, Link } from '../../../../src/broker/cluster/link/link.js';
import { LinkListener } from '../../../../src/broker/cluster/link/listener.js';
import { ToolLink } from '../../../../src/broker/cluster/link/tool-link.js';
import { Registry } from '../../../../src/broker/cluster/registry.js';
import { OperationRefused } from '../../../../src/broker/core/metadata/operation.js';
import { AmqpError } from '../../../../src/broker/protocol/amqp-error.js';

const cookie = 'COOKIECOOKIECOOKIECOOKIECOOKIECOOKIE';
const logged: string[] = [];
const log = (line: string) => void logged.push(line);
const logger = { debug: log, info: log, warning: log, error: log };

let folder: string;
let registry: Registry;
let listener: LinkListener;
let answers: Answers;
let frames: FrameHandlers;
let accepted: Link[];
let port: number;

const register = (name: string, at: number) =>
  registry.claim({ name, pid: process.pid, port: at, address: '127.0.0.1', amqpPort: null });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'link-'));
  registry = new Registry(folder);
  answers = new Answers();
  frames = new Map();
  accepted = [];
  logged.length = 0;
  listener = new LinkListener({
    address: '127.0.0.1',
    port: 0,
    cookie,
    self: { name: 'a@vm', incarnation: '1' },
    answers,
    frames,
    logger,
    admits: (far) => far.name !== 'blocked@vm',
    accepted: (link) => accepted.push(link),
  });
  port = await listener.listen();
  register('a@vm', port);
});

afterEach(async () => {
  await listener.close();
  rmSync(folder, { recursive: true });
});

const tool = (node = 'a@vm', secret = cookie, timeout = 2000) =>
  ToolLink.connect(node, secret, { registry, timeout });

/** The one frame that these bytes are. */
function only(bytes: Buffer): [type: number, payload: Buffer] {
  const frames: [number, Buffer][] = [];
  new FrameReader().push(bytes, (type, payload) => frames.push([type, payload]));
  expect(frames).toHaveLength(1);
  return frames[0] as [number, Buffer];
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no failure',
    (error: LinkError) => (error instanceof LinkError ? error.code : error),
  );

describe('a link', () => {
  it('carries calls, answers and every kind of refusal', async () => {
    answers.set('echo', (args: unknown, from: string) => ({ args, from }));
    answers.set('amqp', () => {
      throw new AmqpError('NOT_FOUND', "no queue 'q' in vhost '/'");
    });
    answers.set('refused', async () => {
      throw new OperationRefused('no_such_vhost', 'no vhost', { vhost: 'x' });
    });
    answers.set('bug', () => {
      throw new TypeError('x is not a function');
    });
    const link = await tool();
    const args = { bytes: Buffer.from([0, 255]), big: 2n ** 60n, list: [1, null, undefined] };
    expect(await link.call('echo', args)).toEqual({ args, from: `rabbitmqcli-${process.pid}` });
    await expect(link.call('amqp', null)).rejects.toEqual(
      new AmqpError('NOT_FOUND', "no queue 'q' in vhost '/'"),
    );
    await expect(link.call('refused', null)).rejects.toMatchObject({
      constructor: OperationRefused,
      code: 'no_such_vhost',
      details: { vhost: 'x' },
    });
    await expect(link.call('bug', null)).rejects.toThrowError('x is not a function');
    await expect(link.call('unknown', null)).rejects.toThrowError('unknown is not answered here');
    link.close();
  });

  it('answers out of order when the answers come so, and keeps frames in order', async () => {
    let release = (_: unknown) => {};
    answers.set('slow', () => new Promise((resolve) => (release = resolve)));
    answers.set('fast', () => 'fast');
    const got: number[] = [];
    frames.set(frameTypes.settle, (payload) => got.push(payload.readUInt32BE(0) * 1e9 + payload.length));
    const link = await openLink('a@vm', {
      registry,
      cookie,
      self: { role: 'node', name: 'b@vm', incarnation: '2' },
    });
    const slow = link.call('slow', null);
    const expected: number[] = [];
    for (let i = 0; i < 200; i++) {
      const tail = i % 3 === 0 ? undefined : Buffer.alloc(i * 997);
      const at = link.outbox.reserve(frameTypes.settle, 4, tail);
      link.outbox.block.writeUInt32BE(i, at);
      expected.push(i * 1e9 + 4 + (tail?.length ?? 0));
    }
    expect(await link.call('fast', null)).toBe('fast');
    expect(got).toEqual(expected);
    release('slow');
    expect(await slow).toBe('slow');
    link.close();
  });

  it('tells a name that nobody holds, a port that is shut, a silent one and a wrong cookie apart', async () => {
    expect(await failure(tool('nobody@vm'))).toBe('not_registered');
    const silent: Server = createServer((socket) => socket.on('error', () => {}).resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port: silentPort } = silent.address() as { port: number };
    register('silent@vm', silentPort);
    expect(await failure(tool('silent@vm', cookie, 50))).toBe('timeout');
    await new Promise<unknown>((resolve) => silent.close(resolve));
    expect(await failure(tool('silent@vm'))).toBe('unreachable');
    register('moved@vm', port);
    expect(await failure(tool('moved@vm'))).toBe('not_registered');
    expect(await failure(tool('a@vm', 'ANOTHER'))).toBe('wrong_cookie');
    expect(logged.join()).toMatch(/Connection attempt from .* rejected. Invalid challenge reply/);
    expect(accepted).toEqual([]);
  });

  it('does not trust a node that cannot prove the cookie', async () => {
    const liar: Server = createServer((socket) => {
      const reader = new FrameReader();
      const say = (type: number, body: unknown) => {
        const payload = Buffer.from(JSON.stringify(body));
        const head = Buffer.alloc(5);
        head.writeUInt32BE(payload.length + 1);
        head[4] = type;
        socket.write(Buffer.concat([head, payload]));
      };
      socket.on('data', (chunk) =>
        reader.push(chunk, (type) => {
          if (type === frameTypes.hello)
            say(frameTypes.challenge, { name: 'liar@vm', incarnation: '9', nonce: 'n' });
          else say(frameTypes.welcome, { digest: 'x'.repeat(44) });
        }),
      );
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => liar.listen(0, '127.0.0.1', resolve));
    register('liar@vm', (liar.address() as { port: number }).port);
    expect(await failure(tool('liar@vm'))).toBe('wrong_cookie');
    liar.close();
  });

  it('refuses a node that is not admitted', async () => {
    const self = { role: 'node', name: 'blocked@vm', incarnation: '2' } as const;
    expect(await failure(openLink('a@vm', { registry, cookie, self }))).toBe('unreachable');
  });

  it('does not open to a node in a life of this one that has ended since the challenge; to a tool it does', () => {
    const outcome = (role: 'node' | 'tool', restarts: boolean) => {
      const self = { name: 'a@vm', incarnation: '1' };
      const called = new CalledHandshake(cookie, self, () => true);
      const caller = new CallerHandshake(cookie, { role, name: 'b@vm', incarnation: '9' }, 'a@vm');
      const challenge = called.receive(...only(caller.begin())).send as Buffer;
      if (restarts) self.incarnation = '2';
      const answer = called.receive(...only(caller.receive(...only(challenge)).send as Buffer));
      const { open, refused } = caller.receive(...only(answer.send as Buffer));
      expect([answer.open !== undefined, answer.refused]).toEqual([open !== undefined, refused]);
      return open?.incarnation ?? refused;
    };
    expect([outcome('node', false), outcome('node', true), outcome('tool', true)]).toEqual([
      '1',
      'restarted',
      '1',
    ]);
  });

  it('fails what was asked when the far side ends', async () => {
    answers.set('never', () => new Promise(() => {}));
    const link = await tool();
    const asked = link.call('never', null);
    const seen = failure(asked);
    const late = failure(link.call('never', null, 20));
    expect(await late).toBe('timeout');
    accepted[0]?.sever();
    expect(await seen).toBe('closed');
    expect(await failure(link.call('never', null))).toBe('closed');
  });

  it.each([
    ['a web browser', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['AMQP', Buffer.from('AMQP\0\0\x09\x01')],
    ['a length of zero', Buffer.alloc(64)],
    ['a call before the proof', Buffer.from([0, 0, 0, 5, 9, 0, 0, 0, 1])],
    ['a hello that is no object', Buffer.from('\0\0\0\x05\x01null')],
    ['a hello of nested values', Buffer.from('\0\0\0\x0f\x01{"role":{"a":1}}')],
  ])('cuts off %s', async (_what, bytes) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.resume();
    socket.write(bytes);
    await closed;
    expect(accepted).toEqual([]);
    const link = await tool();
    link.close();
  });

  it('survives every way to cut frames into chunks', () => {
    const whole = Buffer.concat(
      [1, 500, 0, 70_000, 3].map((size, i) => {
        const bytes = Buffer.alloc(5 + size, i);
        bytes.writeUInt32BE(size + 1);
        bytes[4] = 40 + i;
        return bytes;
      }),
    );
    for (const step of [1, 2, 3, 4, 5, 6, 7, 499, 4096, 65_536, whole.length]) {
      const reader = new FrameReader();
      reader.limit = 1 << 20;
      const got: number[] = [];
      for (let at = 0; at < whole.length; at += step) {
        reader.push(whole.subarray(at, at + step), (type, payload) => {
          expect(payload.every((byte) => byte === type - 40)).toBe(true);
          got.push(type, payload.length);
        });
      }
      expect(got).toEqual([40, 1, 41, 500, 42, 0, 43, 70_000, 44, 3]);
    }
  });
});
