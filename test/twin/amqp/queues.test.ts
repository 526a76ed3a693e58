import { describe } from 'vitest';
import { twin } from '../twin.js';

describe('queue.declare', () => {
  twin('answers the name and both counts', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q', { durable: true });
    ch.publish('', 'q', 'one');
    ch.publish('', 'q', 'two');
    await ch.events();
    await ch.assertQueue('q', { durable: true });
    await ch.consume('q');
    await ch.checkQueue('q');
  });

  for (const [what, first, second] of [
    ['durable', { durable: true }, { durable: false }],
    ['auto_delete', { autoDelete: false }, { autoDelete: true }],
    ['an argument more', {}, { arguments: { 'x-message-ttl': 1000 } }],
    ['an argument less', { arguments: { 'x-message-ttl': 1000 } }, {}],
  ] as const) {
    twin(`again with another ${what} is refused`, async (t) => {
      const ch = await t.channel();
      await ch.assertQueue('q', first);
      await ch.assertQueue('q', second);
    });
  }
});
