import { describe } from 'vitest';
import type { Stage } from '../stage.js';
import { twin } from '../twin.js';

/** Publishes each routing key and tells which of the bound queues got what. */
async function route(t: Stage, type: string, patterns: string[], keys: string[]): Promise<void> {
  const ch = await t.channel();
  await ch.assertExchange('e', type);
  for (const pattern of patterns) {
    await ch.assertQueue(`for ${pattern}`);
    await ch.bindQueue(`for ${pattern}`, 'e', pattern);
  }
  for (const key of keys) ch.publish('e', key, key, { mandatory: true });
  await ch.events();
  for (const pattern of patterns) {
    const consumer = await ch.consume(`for ${pattern}`, { noAck: true });
    await consumer.rest();
  }
}

describe('routing', () => {
  twin('by the default exchange', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    ch.publish('', 'q', 'here');
    ch.publish('', 'nosuch', 'back', { mandatory: true });
    await ch.events();
    await ch.get('q');
    await ch.get('q');
  });

  twin('direct', (t) => route(t, 'direct', ['a', 'b', '', 'a.b'], ['a', 'b', '', 'a.b', 'c', 'A']));
  twin('fanout', (t) => route(t, 'fanout', ['a', 'b', ''], ['a', '', 'whatever']));

  twin('topic with *', (t) =>
    route(
      t,
      'topic',
      ['*', '*.*', 'a.*', '*.b', 'a.*.c'],
      ['a', 'a.b', 'a.b.c', '', '.', 'a.', '.b', 'a..c'],
    ),
  );

  twin('topic with #', (t) =>
    route(
      t,
      'topic',
      ['#', 'a.#', '#.c', 'a.#.c', '#.#'],
      ['', 'a', 'c', 'a.c', 'a.b.c', 'a.b.b.c', 'b', 'a.', '.c'],
    ),
  );

  twin('topic with both', (t) =>
    route(
      t,
      'topic',
      ['*.#', '#.*', '*.#.*', '#.b.#', '*.orange.*', 'lazy.#'],
      [
        '',
        'a',
        'a.b',
        'b',
        'a.b.c.d',
        'quick.orange.rabbit',
        'lazy.orange.elephant',
        'lazy',
        'lazy.brown.fox.male',
        'orange',
      ],
    ),
  );

  twin('topic with empty words and with signs inside words', (t) =>
    route(
      t,
      'topic',
      ['', '.', '..', 'a..b', 'a*', '#a', '*.'],
      ['', '.', '..', 'a..b', 'a*', 'ab', '#a', 'xa', 'a.'],
    ),
  );

  twin('topic with a binding taken away', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    await ch.bindQueue('q', 'amq.topic', 'a.#');
    await ch.bindQueue('q', 'amq.topic', 'a.*');
    await ch.unbindQueue('q', 'amq.topic', 'a.#');
    for (const key of ['a', 'a.b', 'a.b.c']) ch.publish('amq.topic', key, key, { mandatory: true });
    await ch.events();
    const consumer = await ch.consume('q', { noAck: true });
    await consumer.rest();
  });

  for (const match of ['all', 'any', 'all-with-x', 'any-with-x'] as const) {
    twin(`headers, ${match}`, async (t) => {
      const ch = await t.channel();
      await ch.assertQueue('q');
      await ch.bindQueue('q', 'amq.headers', '', { 'x-match': match, a: 'one', b: 2, 'x-c': 'three' });
      for (const headers of [
        { a: 'one', b: 2, 'x-c': 'three' },
        { a: 'one', b: 2 },
        { a: 'one' },
        { b: 2 },
        { 'x-c': 'three' },
        { a: 'ONE', b: 2 },
        { a: 'one', b: 3, d: 4 },
        { a: 'one', b: '2' },
        {},
      ]) {
        ch.publish('amq.headers', '', JSON.stringify(headers), { headers, mandatory: true });
      }
      ch.publish('amq.headers', 'k', 'no headers at all', { mandatory: true });
      await ch.events();
      const consumer = await ch.consume('q', { noAck: true });
      await consumer.rest();
    });
  }

  twin('headers without x-match, with a void value, without any argument', async (t) => {
    const ch = await t.channel();
    for (const [queue, args] of [
      ['both', { a: 1, b: 2 }],
      ['present', { a: null }],
      ['none', {}],
    ] as const) {
      await ch.assertQueue(queue);
      await ch.bindQueue(queue, 'amq.headers', '', args);
    }
    for (const headers of [{ a: 1, b: 2 }, { a: 1 }, { a: 'other' }, { c: 3 }, {}]) {
      ch.publish('amq.headers', '', JSON.stringify(headers), { headers });
    }
    await ch.events();
    for (const queue of ['both', 'present', 'none']) {
      const consumer = await ch.consume(queue, { noAck: true });
      await consumer.rest();
    }
  });

  for (const match of ['some', 5]) {
    twin(`headers with x-match = ${match} is refused`, async (t) => {
      const ch = await t.channel();
      await ch.assertQueue('q');
      await ch.bindQueue('q', 'amq.headers', '', { 'x-match': match });
    });
  }

  twin('by CC and BCC', async (t) => {
    const ch = await t.channel();
    for (const queue of ['to', 'cc', 'bcc']) await ch.assertQueue(queue);
    ch.publish('', 'to', 'copies', { headers: { CC: ['cc'], BCC: ['bcc'] } });
    await ch.events();
    for (const queue of ['to', 'cc', 'bcc']) await ch.get(queue);
  });

  twin('by a CC that is not a list is refused', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    ch.publish('', 'q', 'copies', { headers: { CC: 'q' } });
    await ch.events();
  });
});
