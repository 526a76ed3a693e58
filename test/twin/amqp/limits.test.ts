import { describe } from 'vitest';
import type { Stage } from '../stage.js';
import { twin } from '../twin.js';

/** Fills a limited queue with confirms, and shows what is left of it and in its dead-letter queue. */
async function fill(t: Stage, args: Record<string, unknown>, bodies: string[]): Promise<void> {
  const ch = await t.confirmChannel();
  await ch.assertQueue('dead');
  await ch.assertQueue('q', {
    arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead', ...args },
  });
  for (const body of bodies) {
    ch.publish('', 'q', body);
    await ch.confirms();
  }
  await ch.events();
  await ch.checkQueue('q');
  const left = await ch.consume('q', { noAck: true });
  await left.rest();
  const dead = await ch.consume('dead', { noAck: true });
  await dead.rest();
}

describe('queue length', () => {
  const five = ['one', 'two', 'three', 'four', 'five'];

  twin('max-length drops the oldest', (t) => fill(t, { 'x-max-length': 2 }, five));
  twin('max-length 0 keeps nothing', (t) => fill(t, { 'x-max-length': 0 }, five));

  for (const overflow of ['drop-head', 'reject-publish', 'reject-publish-dlx']) {
    twin(`max-length with ${overflow}`, (t) => fill(t, { 'x-max-length': 3, 'x-overflow': overflow }, five));
    twin(`max-length-bytes with ${overflow}`, (t) =>
      fill(t, { 'x-max-length-bytes': 10, 'x-overflow': overflow }, [
        '1234',
        '5678',
        '90',
        'abc',
        'a body that is too large',
      ]),
    );
  }

  twin('both limits, the tighter one counts', (t) =>
    fill(t, { 'x-max-length': 4, 'x-max-length-bytes': 9 }, five),
  );

  twin('unacknowledged messages do not count', async (t) => {
    const ch = await t.confirmChannel();
    await ch.assertQueue('q', { arguments: { 'x-max-length': 1 } });
    ch.publish('', 'q', 'held');
    await ch.confirms();
    const held = await ch.get('q');
    ch.publish('', 'q', 'waiting');
    await ch.confirms();
    await ch.checkQueue('q');
    ch.nack(held);
    await ch.events();
    const rest = await ch.consume('q', { noAck: true });
    await rest.rest();
  });

  twin('reject-publish into one of two queues nacks', async (t) => {
    const ch = await t.confirmChannel();
    await ch.assertQueue('full', { arguments: { 'x-max-length': 0, 'x-overflow': 'reject-publish' } });
    await ch.assertQueue('open');
    await ch.bindQueue('full', 'amq.fanout', '');
    await ch.bindQueue('open', 'amq.fanout', '');
    ch.publish('amq.fanout', '', 'half');
    await ch.confirms();
    await ch.get('open');
  });

  for (const before of ['drop-head', 'reject-publish'] as const) {
    for (const after of ['drop-head', 'reject-publish', 'reject-publish-dlx'] as const) {
      twin(`lowered by a policy, ${before} before and ${after} after`, async (t) => {
        const ch = await t.confirmChannel();
        const policy = async (definition: object) => {
          await t.api('PUT', 'policies/VHOST/length', { pattern: '^q$', definition });
          await t.pause(200);
        };
        await ch.assertQueue('dead');
        await policy({ 'max-length': 10, overflow: before });
        await ch.assertQueue('q');
        for (const body of ['one', 'two', 'three']) ch.publish('', 'q', body);
        await ch.confirms();
        const dead = { 'dead-letter-exchange': '', 'dead-letter-routing-key': 'dead' };
        await policy({ 'max-length': 1, overflow: after, ...dead });
        await ch.checkQueue('q');
        ch.publish('', 'q', 'four');
        await ch.confirms();
        await t.pause(100);
        for (const queue of ['q', 'q', 'q', 'q', 'dead', 'dead', 'dead', 'dead']) await ch.get(queue);
      });
    }
  }

  twin('a policy and an argument, the lower wins', async (t) => {
    await t.api('PUT', 'policies/VHOST/length', { pattern: '^q$', definition: { 'max-length': 2 } });
    await fill(t, { 'x-max-length': 4 }, five);
  });
});

describe('priorities', () => {
  twin('higher ones first, equal ones in order', async (t) => {
    const ch = await t.confirmChannel();
    await ch.assertQueue('q', { arguments: { 'x-max-priority': 5 } });
    for (const priority of [1, 5, 0, 3, 5, 9, 1, undefined]) {
      ch.publish('', 'q', `priority ${priority}`, priority === undefined ? {} : { priority });
    }
    await ch.confirms();
    const consumer = await ch.consume('q', { noAck: true });
    await consumer.take(8);
  });

  twin('a message that comes back keeps its place', async (t) => {
    const ch = await t.confirmChannel();
    await ch.assertQueue('q', { arguments: { 'x-max-priority': 5 } });
    ch.publish('', 'q', 'low', { priority: 1 });
    ch.publish('', 'q', 'high one', { priority: 4 });
    ch.publish('', 'q', 'high two', { priority: 4 });
    await ch.confirms();
    const first = await ch.get('q');
    ch.nack(first);
    await ch.events();
    const consumer = await ch.consume('q', { noAck: true });
    await consumer.take(3);
  });

  twin('with a limit the lowest priority is dropped first', (t) =>
    prioritised(t, { 'x-max-priority': 5, 'x-max-length': 2 }),
  );

  async function prioritised(t: Stage, args: Record<string, unknown>): Promise<void> {
    const ch = await t.confirmChannel();
    await ch.assertQueue('q', { arguments: args });
    for (const priority of [3, 1, 4]) {
      ch.publish('', 'q', `priority ${priority}`, { priority });
      await ch.confirms();
    }
    const consumer = await ch.consume('q', { noAck: true });
    await consumer.rest();
  }
});
