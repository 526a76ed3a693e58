/** The prefetch of a channel that is changed while messages are under way. */
import type { RawClient } from '../raw-client.js';
import type { Stage } from '../stage.js';
import { twins } from '../twin.js';

/** A queue of so many messages, and a channel without a consumer. */
async function filled(t: Stage, count: number): Promise<RawClient> {
  const raw = await t.rawChannel();
  await raw.quietly(async () => {
    await raw.ask('QueueDeclare', { queue: 'q' });
    for (let number = 1; number <= count; number += 1)
      raw.publish(1, { routingKey: 'q' }, Buffer.from(`m${number}`));
    await raw.ask('BasicQos');
  });
  return raw;
}

const limit = (raw: RawClient, prefetchCount: number, global = true) =>
  raw.ask('BasicQos', { prefetchCount, global });
const consume = (raw: RawClient, consumerTag = 'c') => raw.ask('BasicConsume', { queue: 'q', consumerTag });
const ack = (raw: RawClient, deliveryTag: number, multiple = false) =>
  raw.method('BasicAck', 1, { deliveryTag, multiple });

async function deliveries(raw: RawClient, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) await raw.until('body');
  await raw.rest();
}

twins('the prefetch of a channel, while its consumer is at work', {
  'is raised': async (t) => {
    const raw = await filled(t, 8);
    await limit(raw, 2);
    await consume(raw);
    await deliveries(raw, 2);
    await limit(raw, 5);
    await deliveries(raw, 3);
    ack(raw, 1);
    await deliveries(raw, 1);
  },
  'is lowered below what is outstanding': async (t) => {
    const raw = await filled(t, 8);
    await limit(raw, 4);
    await consume(raw);
    await deliveries(raw, 4);
    await limit(raw, 2);
    ack(raw, 2, true);
    await deliveries(raw, 0);
    ack(raw, 3);
    await deliveries(raw, 1);
  },
  'is lifted': async (t) => {
    const raw = await filled(t, 4);
    await limit(raw, 1);
    await consume(raw);
    await deliveries(raw, 1);
    await limit(raw, 0);
    await deliveries(raw, 3);
  },
  'is lifted by one of consumers, which counts for new ones': async (t) => {
    const raw = await filled(t, 6);
    await limit(raw, 1);
    await consume(raw);
    await deliveries(raw, 1);
    await limit(raw, 2, false);
    await deliveries(raw, 5);
  },
  'is set when there is more outstanding': async (t) => {
    const raw = await filled(t, 6);
    await limit(raw, 3, false);
    await consume(raw);
    await deliveries(raw, 3);
    await limit(raw, 2);
    ack(raw, 1);
    await deliveries(raw, 0);
    ack(raw, 3, true);
    await deliveries(raw, 2);
  },
  'counts what was got, too, and makes no room for it': async (t) => {
    const raw = await filled(t, 6);
    await raw.ask('BasicGet', { queue: 'q' });
    await raw.until('body');
    await limit(raw, 2);
    await consume(raw);
    await deliveries(raw, 1);
    ack(raw, 1);
    await deliveries(raw, 0);
    ack(raw, 2);
    await deliveries(raw, 1);
  },
  'is shared by two consumers, beside their own': async (t) => {
    const raw = await filled(t, 8);
    await limit(raw, 1, false);
    await limit(raw, 3);
    await consume(raw, 'one');
    await deliveries(raw, 1);
    await consume(raw, 'two');
    await deliveries(raw, 1);
    await consume(raw, 'three');
    await deliveries(raw, 1);
    await consume(raw, 'four');
    await deliveries(raw, 0);
    ack(raw, 1);
    await deliveries(raw, 1);
  },
});
