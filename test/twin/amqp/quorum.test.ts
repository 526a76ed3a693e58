/** Quorum queues as one client sees them. */
import { describe } from 'vitest';
import type { RecordedChannel } from '../recorded-channel.js';
import type { Stage } from '../stage.js';
import { twin } from '../twin.js';

async function quorum(t: Stage, args: Record<string, unknown> = {}): Promise<RecordedChannel> {
  const ch = await t.confirmChannel();
  await ch.assertQueue('q', { arguments: { 'x-queue-type': 'quorum', ...args } });
  return ch;
}

describe('a quorum queue', () => {
  twin('publish, get, acknowledge', async (t) => {
    const ch = await quorum(t);
    for (const body of ['one', 'two']) {
      ch.publish('', 'q', body, { persistent: true });
      await ch.confirms();
    }
    ch.ack(await ch.get('q'));
    ch.ack(await ch.get('q'));
    await ch.get('q');
  });

  twin('counts redeliveries in a header', async (t) => {
    const ch = await quorum(t);
    ch.publish('', 'q', 'one', { headers: { mine: 1 } });
    await ch.confirms();
    for (let time = 0; time < 3; time += 1) {
      ch.nack(await ch.get('q'));
      await ch.events();
    }
    ch.ack(await ch.get('q'));
  });

  twin('beyond the delivery limit a message is dead-lettered', async (t) => {
    const dlx = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' };
    const ch = await quorum(t, { 'x-delivery-limit': 2, ...dlx });
    await ch.assertQueue('dead');
    ch.publish('', 'q', 'one');
    await ch.confirms();
    for (let time = 0; time < 3; time += 1) {
      ch.nack(await ch.get('q'));
      await ch.events();
    }
    await ch.get('q');
    await ch.get('dead');
  });

  twin('refuses a channel-wide prefetch', async (t) => {
    const ch = await quorum(t);
    await ch.prefetch(5, true);
    await ch.consume('q');
    await ch.events();
  });

  twin('purge and delete', async (t) => {
    const ch = await quorum(t);
    ch.publish('', 'q', 'one');
    await ch.confirms();
    await ch.purgeQueue('q');
    await ch.deleteQueue('q');
    await ch.checkQueue('q');
  });

  twin('a consumer with a prefetch', async (t) => {
    const ch = await quorum(t);
    await ch.prefetch(1);
    for (const body of ['one', 'two']) {
      ch.publish('', 'q', body);
      await ch.confirms();
    }
    const consumer = await ch.consume('q');
    const [first] = await consumer.take(1);
    ch.ack(first);
    const [second] = await consumer.take(1);
    ch.reject(second, false);
    await consumer.rest();
  });

  twin('exclusive consumers are refused a second', async (t) => {
    const ch = await quorum(t);
    await ch.consume('q', { exclusive: true });
    await ch.consume('q');
    await ch.events();
  });
});
