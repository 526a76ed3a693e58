/** Exchange types of plugins. Which queue a hash or chance picks is each engine's own: the sums are compared. */
import { describe } from 'vitest';
import type { RecordedChannel } from '../recorded-channel.js';
import type { Stage } from '../stage.js';
import { twin } from '../twin.js';

const hash = 'x-consistent-hash';
const queues = ['a', 'b', 'c'];

/** An exchange bound to three queues; shown is how many messages there are in all, and whether one queue has them all. */
async function spread(
  t: Stage,
  type: string,
  args: Record<string, unknown>,
  publish: (ch: RecordedChannel, number: number) => void,
): Promise<void> {
  const ch = await t.channel();
  await ch.assertExchange('x', type, { arguments: args });
  for (const queue of queues) {
    await ch.assertQueue(queue);
    await ch.bindQueue(queue, 'x', '1');
  }
  for (let number = 1; number <= 90; number += 1) publish(ch, number);
  let counts: number[] = [];
  const total = () => counts.reduce((sum, count) => sum + count, 0);
  for (let attempt = 0; attempt < 200 && total() < 90; attempt += 1) {
    counts = [];
    for (const queue of queues) counts.push(await ch.ready(queue));
  }
  t.say('in all', total());
  t.say('several queues', counts.filter((count) => count > 0).length > 1);
}

describe('x-consistent-hash', () => {
  twin('spreads by routing key', (t) =>
    spread(t, hash, {}, (ch, number) => ch.publish('x', `key ${number}`, '')),
  );
  twin('one routing key, one queue', (t) => spread(t, hash, {}, (ch) => ch.publish('x', 'key', '')));
  twin('spreads by a header', (t) =>
    spread(t, hash, { 'hash-header': 'h' }, (ch, number) =>
      ch.publish('x', 'key', '', { headers: { h: `value ${number}` } }),
    ),
  );
  twin('spreads by a header that is missing', (t) =>
    spread(t, hash, { 'hash-header': 'h' }, (ch, number) => ch.publish('x', `key ${number}`, '')),
  );
  twin('spreads by message-id', (t) =>
    spread(t, hash, { 'hash-property': 'message_id' }, (ch, number) =>
      ch.publish('x', 'key', '', { messageId: `id ${number}` }),
    ),
  );
  twin('spreads by correlation-id', (t) =>
    spread(t, hash, { 'hash-property': 'correlation_id' }, (ch, number) =>
      ch.publish('x', 'key', '', { correlationId: `id ${number}` }),
    ),
  );
  twin('spreads by timestamp', (t) =>
    spread(t, hash, { 'hash-property': 'timestamp' }, (ch, number) =>
      ch.publish('x', 'key', '', { timestamp: number * 1000 }),
    ),
  );
  twin('a carbon copy does not double it', (t) =>
    spread(t, hash, {}, (ch, number) => ch.publish('x', `key ${number}`, '', { CC: ['other', 'third'] })),
  );

  for (const key of ['', '0', '-1', '1.5', ' 1', '1x', 'x', '+2', '10']) {
    twin(`a binding with the key ${JSON.stringify(key)}`, async (t) => {
      const ch = await t.channel();
      await ch.assertExchange('x', hash);
      await ch.assertQueue('q');
      await ch.bindQueue('q', 'x', key);
      await ch.events();
    });
  }

  const argumentsRefused = {
    'an unknown property': { 'hash-property': 'app_id' },
    'a header and a property': { 'hash-header': 'h', 'hash-property': 'message_id' },
  };
  for (const [what, args] of Object.entries(argumentsRefused)) {
    twin(`declared with ${what}`, async (t) => {
      const ch = await t.channel();
      await ch.assertExchange('x', hash, { arguments: args });
      await ch.events();
    });
  }

  twin('of several bindings the first counts, and unbinding any ends it', async (t) => {
    const ch = await t.confirmChannel();
    await ch.assertExchange('x', hash);
    await ch.assertQueue('q');
    await ch.bindQueue('q', 'x', '1');
    await ch.bindQueue('q', 'x', '2');
    ch.publish('x', 'key', 'one', { mandatory: true });
    await ch.confirms();
    await ch.unbindQueue('q', 'x', '2');
    ch.publish('x', 'key', 'two', { mandatory: true });
    await ch.confirms();
    await ch.checkQueue('q');
  });

  twin('without a binding the alternate exchange gets it', async (t) => {
    const ch = await t.confirmChannel();
    await ch.assertExchange('x', hash, { alternateExchange: 'amq.fanout' });
    await ch.assertQueue('q');
    await ch.bindQueue('q', 'amq.fanout', '');
    ch.publish('x', 'key', 'one', { mandatory: true });
    await ch.confirms();
    await ch.get('q');
  });

  twin('auto-delete and redeclaration', async (t) => {
    const ch = await t.channel();
    await ch.assertExchange('x', hash, { autoDelete: true });
    await ch.assertExchange('x', hash, { autoDelete: true, arguments: { 'hash-header': 'h' } });
    await ch.assertQueue('q');
    await ch.bindQueue('q', 'x', '1');
    await ch.unbindQueue('q', 'x', '1');
    await ch.checkExchange('x');
  });
});

describe('x-random', () => {
  twin('each message to one queue', (t) => spread(t, 'x-random', {}, (ch) => ch.publish('x', 'key', '')));

  twin('the routing key means nothing', async (t) => {
    const ch = await t.confirmChannel();
    await ch.assertExchange('x', 'x-random');
    ch.publish('x', 'key', 'no binding', { mandatory: true });
    await ch.confirms();
    await ch.assertQueue('q');
    await ch.bindQueue('q', 'x', 'some');
    ch.publish('x', 'other', 'one', { mandatory: true });
    await ch.confirms();
    await ch.get('q');
  });
});

for (const type of ['x-local-random', 'x-recent-history', 'x-delayed-message', 'x-modulus-hash']) {
  twin(`the type ${type} of a plugin that is not enabled`, async (t) => {
    const ch = await t.channel();
    await ch.assertExchange('x', type);
    await ch.events();
  });
}
