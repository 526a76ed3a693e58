/**
 * Every route of the management API, by every method and as a user of every tag, asked of both engines: the same
 * status, the same headers, the same keys of the same types, and where a request is refused the same words. Where
 * RabbitMQ's handler crashes (500), the bundled engine may answer what it likes, but not with a crash.
 */
import { expect, inject, it } from 'vitest';
import { EngineNode, type NodeSpecification } from '../engines/node.js';
import { until } from '../engines/until.js';
import { type Answers, askAll } from './management/ask-all.js';
import { request } from './management/request.js';
import { routes } from './management/routes.js';

const twins = inject('twins');
/** Of statistics that are collected every second: the second time tells what is idle. */
const collected = 2500;

const placeOf = (specification: NodeSpecification) => {
  const { amqp, amqps, management } = specification.ports;
  return { node: new EngineNode(specification).name, amqp, amqps, management };
};

it.skipIf(!twins)(
  'every route, method and tag answers as RabbitMQ does',
  async () => {
    const bundled = placeOf(twins!.bundled);
    const rabbitmq = placeOf(twins!.rabbitmq);
    const [ours, theirs] = await Promise.all([askAll(bundled, collected), askAll(rabbitmq, collected)]);
    expect(ours.size).toBeGreaterThan(3000);
    expect([...ours.keys()].sort()).toEqual([...theirs.keys()].sort());
    let unlike = differences(ours, theirs);
    if (unlike.size > 0) {
      // On a busy machine RabbitMQ may have counted late: it is asked again, and ours stands by what it said.
      const again = differences(ours, await askAll(rabbitmq, 4 * collected));
      unlike = new Map([...unlike].filter(([question]) => again.has(question)));
    }
    expect(unlike.size, [...unlike.values()].join('\n')).toBe(0);
  },
  300_000,
);

/** By question: what the two said that is not the same. */
function differences(ours: Answers, theirs: Answers): Map<string, string> {
  const unlike = [...theirs].filter(([question, answer]) => {
    const mine = ours.get(question) ?? '';
    return answer.startsWith('500 ') ? mine.startsWith('5') : mine !== answer;
  });
  return new Map(
    unlike.map(([question, answer]) => [question, told(question, ours.get(question) ?? '', answer)]),
  );
}

function told(question: string, mine: string, answer: string): string {
  return `${question}\n  RabbitMQ: ${alone(answer, mine)}\n  bundled:  ${alone(mine, answer)}`;
}

/** What an answer has that the other has not, the rest as dots. */
function alone(answer: string, other: string): string {
  const parts = new Set(other.split(/(?<=[,{[ ])/));
  const shown = answer.split(/(?<=[,{[ ])/).map((part) => (parts.has(part) ? '.' : part));
  return shown.join('').replace(/\.{4,}/g, '...');
}

const patterns = [
  ...[
    '(?i)^AMQ\\.D',
    '^(?i)AMQ',
    '(?s)a.q',
    '[[:alpha:]]+\\.topic$',
    '^[[:lower:].]+$',
    '[^[:alpha:]]d',
    '[]q]',
    '[^].a]q',
  ],
  ...[
    '\\Aamq',
    'topic\\z',
    'topic\\Z',
    'amq(?#the first).d',
    '(?P<first>t)opic',
    '(?<first>t)opic',
    'amq\\.[a-f]\\w+',
  ],
  ...[
    'amq\\-',
    'a\\.b|di',
    '^(?!amq)',
    '(?<=amq.)t',
    '(?<!r)t',
    '[\\w.]{9}$',
    'q{1}',
    'a{,2}',
    'm{1',
    '\\x61mq',
    '[\\]]',
  ],
  ...['(', '[', '*', 'a**', 'a)', '[z-a]', 'a{2,1}', '(?z)', '\\', '(?', '(?P<1>a)', '[[:nosuch:]]'],
];

it.skipIf(!twins)('patterns match as RabbitMQ matches them, or are refused as there', async () => {
  for (const pattern of patterns) {
    const query = `page=1&use_regex=true&name=${encodeURIComponent(pattern)}&columns=name`;
    const [ours, theirs] = await Promise.all(
      [twins!.bundled, twins!.rabbitmq].map(async ({ ports }) => {
        const path = `/api/exchanges/%2F?${query}`;
        const { status, body } = await request(ports.management, {
          method: 'GET',
          path,
          who: { user: 'guest', password: 'guest' },
        });
        return `${status} ${body}`;
      }),
    );
    expect(ours, pattern).toBe(theirs);
  }
});

it.skipIf(!twins)('a pattern that is none is refused where there is something to try it on', async () => {
  const path = '/api/connections?page=1&use_regex=true&name=%5B';
  const [ours, theirs] = await Promise.all(
    [twins!.bundled, twins!.rabbitmq].map(({ ports }) =>
      request(ports.management, { method: 'GET', path, who: { user: 'guest', password: 'guest' } }),
    ),
  );
  expect(ours!.status).toBe(theirs!.status);
});

const guest = { user: 'guest', password: 'guest' };

/** The keys of a quorum queue and a stream, as lists and they themselves show them. */
async function typesOf({ ports }: NodeSpecification): Promise<string[]> {
  const call = (method: string, path: string, body?: unknown) =>
    request(ports.management, {
      ...{ method, path: `/api/${path}`, who: guest },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const shown = async (path: string) => JSON.parse((await call('GET', path)).body);
  await call('PUT', 'vhosts/types', {});
  await call('PUT', 'permissions/types/guest', { configure: '.*', write: '.*', read: '.*' });
  try {
    for (const type of ['quorum', 'stream']) {
      await call('PUT', `queues/types/${type}`, { durable: true, arguments: { 'x-queue-type': type } });
    }
    // They come from several places of RabbitMQ, each in its own time.
    for (const [type, own] of [
      ['quorum', 'open_files'],
      ['stream', 'readers'],
    ]) {
      await until(`statistics of a ${type} are there`, async () => {
        const queue = await shown(`queues/types/${type}`);
        return [own, 'messages', 'memory', 'reductions', 'garbage_collection'].every((key) => key! in queue);
      });
    }
    const lists = await Promise.all(['queues/types', 'queues/types?disable_stats=true'].map(shown));
    const alone = await Promise.all(['quorum', 'stream'].map((type) => shown(`queues/types/${type}`)));
    return [...lists.flat(), ...alone]
      .map((queue) => `${queue.name}: ${Object.keys(queue).sort().join()}`)
      .sort();
  } finally {
    await call('DELETE', 'vhosts/types');
  }
}

it.skipIf(!twins)('quorum queues and streams show what RabbitMQ shows of them', async () => {
  const [ours, theirs] = await Promise.all([twins!.bundled, twins!.rabbitmq].map(typesOf));
  expect(ours).toEqual(theirs);
});

it.skipIf(!twins)('no route that RabbitMQ documents is left out', async () => {
  const { management } = twins!.rabbitmq.ports;
  const { body } = await request(management, { method: 'GET', path: '/api/index.html', who: null });
  const documented = [...body.matchAll(/<td class="path">(.*?)<\/td>/gs)].flatMap(([, cell]) =>
    cell!
      .replace(/<i>(.*?)<\/i>/g, ':')
      .replace(/<br\s*\/?>/g, ' ')
      .replace(/<[^>]*>/g, '')
      .trim()
      .split(/\s+/),
  );
  expect(documented.length).toBeGreaterThan(80);
  const known = new Set(routes.map(({ path }) => path.replace(/:\w+/g, ':')));
  const missing = documented.filter((path) => path.startsWith('/') && !known.has(path.replace(/\/$/, '')));
  expect(missing.filter((path) => !path.startsWith('/api/federation-links'))).toEqual([]);
});
