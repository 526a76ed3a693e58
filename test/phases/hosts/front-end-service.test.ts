import { createHash } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import type { HostFacts } from '../../../src/drivers/host-facts/facts.js';
import { FakeTransport } from '../../../src/drivers/transport/fake.js';
import type { HostsContext } from '../../../src/phases/hosts/context.js';
import { configureService, type FrontEndService } from '../../../src/phases/hosts/front-end-service.js';
import type { Door } from '../../../src/phases/phase.js';

const path = '/etc/haproxy/haproxy.cfg';
const note = '/run/warren/reload-haproxy';
const rendered = { path, text: 'new\n', mode: 0o640, owner: 'root', group: 'haproxy' };
const host = {
  name: 'server4',
  address: '192.0.2.104',
  roles: ['balancer'],
} as unknown as HostsContext['hosts'][number];

let transport: FakeTransport;
let changes: string[];
beforeEach(() => {
  changes = [];
  transport = new FakeTransport('server4')
    .answer(/^systemctl /, '')
    .answer(/^journalctl /, 'its last words')
    .place('/etc/haproxy/errors/503.http', '');
});

/** What systemctl was told to do. */
function verbs(): string[] {
  return transport.log.flatMap((act) =>
    act.act === 'run' && act.file === 'systemctl'
      ? [act.args.filter((word) => !word.startsWith('--')).join(' ')]
      : [],
  );
}

function run(
  facts: { active: string; there?: string; noted?: boolean },
  more: Partial<FrontEndService> = {},
  shut = false,
) {
  const files = new Map<string, object>();
  if (facts.there !== undefined) {
    transport.place(path, facts.there, { mode: 0o640, group: 'haproxy' });
    const sha256 = createHash('sha256').update(facts.there).digest('hex');
    files.set(path, { mode: 0o640, owner: 'root', group: 'haproxy', sha256 });
  }
  if (facts.noted) files.set(note, {});
  const known = { services: new Map([['haproxy', { active: facts.active }]]), files } as unknown as HostFacts;
  const context = {
    facts: new Map([['server4', known]]),
    transports: new Map([['server4', transport]]),
    signal: new AbortController().signal,
  } as unknown as HostsContext;
  const door: Door = {
    shut,
    on: () => door,
    async change(sentence, work) {
      changes.push(sentence);
      return shut ? undefined : await work();
    },
  };
  return configureService(context, host, door, rendered, {
    program: 'HAProxy',
    service: 'haproxy',
    note,
    check: async () => {},
    answers: async () => {},
    ...more,
  });
}

test('one that runs is reloaded, and the note is gone afterwards', async () => {
  await run({ active: 'active', there: 'old\n' });
  expect(changes).toEqual([`replace ${path}`, 'reload HAProxy']);
  expect(verbs()).toEqual(['reload haproxy']);
  expect(transport.file(path)!.text).toBe('new\n');
  expect(transport.file(note)).toBeUndefined();
});

test('one that does not run is started', async () => {
  await run({ active: 'inactive' });
  expect(verbs()).toEqual(['daemon-reload', 'enable haproxy', 'restart haproxy']);
});

test('one that runs with the right file is left alone, unless a reload is owed', async () => {
  await run({ active: 'active', there: 'new\n' });
  expect(changes).toEqual([]);
  await run({ active: 'active', there: 'new\n', noted: true });
  expect(changes).toEqual(['reload HAProxy']);
});

test('with the door shut nothing is done', async () => {
  await run({ active: 'active', there: 'old\n' }, {}, true);
  expect(changes).toEqual([`replace ${path}`, 'reload HAProxy']);
  expect(transport.log).toEqual([]);
});

test('a file that its program refuses does not take the place of the former one', async () => {
  const check = async () => {
    throw new Error('refused');
  };
  await expect(run({ active: 'active', there: 'old\n' }, { check })).rejects.toThrow('refused');
  expect(transport.file(path)!.text).toBe('old\n');
  expect(transport.lines).toEqual([]);
});

test('the worker of before is told to who judges a reload', async () => {
  const judged: (string | undefined)[] = [];
  const answers = async (before?: string) => {
    judged.push(before);
  };
  await run({ active: 'active', there: 'old\n' }, { worker: async () => '42', answers });
  expect(judged).toEqual(['42']);
});

test('a reload that fails brings the former file back, and it is in force', async () => {
  const answers = async () => {
    throw new Error('no answer');
  };
  await expect(run({ active: 'active', there: 'old\n' }, { answers })).rejects.toMatchObject({
    report: {
      code: 'RELOAD_FAILED',
      why: 'no answer',
      message: expect.stringContaining('is in force again'),
    },
  });
  expect(transport.file(path)).toMatchObject({ text: 'old\n', mode: 0o640, group: 'haproxy' });
  expect(verbs()).toEqual(['reload haproxy', 'reload-or-restart haproxy']);
});
