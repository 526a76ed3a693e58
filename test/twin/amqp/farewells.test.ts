/** Ends that meet something under way: closes that cross each other, clients that hang up behind their frames. */
import { frame, method } from '../codec.js';
import type { RawClient } from '../raw-client.js';
import type { Stage } from '../stage.js';
import { twins } from '../twin.js';

const bye = { replyCode: 200, replyText: '', classId: 0, methodId: 0 };
const close = (channel: number) => method(channel === 0 ? 'ConnectionClose' : 'ChannelClose', channel, bye);
/** Costs a channel its life. */
const wrong = (channel: number) => method('BasicGet', channel, { queue: 'nosuch' });

twins('a close that crosses another', {
  'of a channel: both sides close it': async (t) => {
    const raw = await t.rawChannel();
    raw.send(wrong(1), close(1));
    await raw.until('ChannelCloseOk');
    raw.method('ChannelCloseOk', 1);
    await raw.ask('ChannelOpen');
    await raw.ask('BasicQos');
  },
  'of a channel: it is closed for good by close-ok alone': async (t) => {
    const raw = await t.rawChannel();
    await raw.ask('BasicGet', { queue: 'nosuch' });
    raw.method('BasicQos', 1);
    raw.method('ChannelOpen', 1);
    await raw.until('ConnectionClose');
  },
  'of a channel, twice': async (t) => {
    const raw = await t.rawChannel();
    raw.send(wrong(1), close(1), close(1));
    await raw.until('ChannelCloseOk');
    await raw.until('ChannelCloseOk');
  },
  'of the connection, behind a channel that is refused': async (t) => {
    const raw = await t.rawChannel();
    await raw.ask('BasicGet', { queue: 'nosuch' });
    raw.send(close(0));
    await raw.until('ConnectionCloseOk');
  },
  'of a channel, in the middle of a content of another': async (t) => {
    const raw = await t.rawChannel();
    await raw.openChannel(2);
    raw.send(method('BasicPublish', 1, { routingKey: 'q' }), close(2));
    await raw.until('ChannelCloseOk');
    await raw.ask('ChannelOpen', {}, 2);
  },
});

/** What the queue has once the client that filled it is gone, as another client sees it. */
async function left(t: Stage, queue: string, expected: number): Promise<void> {
  const other = await t.rawChannel();
  let count: unknown;
  for (let attempt = 0; attempt < 200 && count !== expected; attempt += 1) {
    other.send(method('QueueDeclare', 1, { queue, passive: true }));
    count = (await other.next('QueueDeclareOk'))?.messageCount;
    if (count !== expected) await t.pause(10);
  }
  t.say('left', count);
}

function publishes(raw: RawClient, count: number): void {
  for (let number = 1; number <= count; number += 1)
    raw.publish(1, { exchange: '', routingKey: 'q' }, Buffer.from(`m${number}`));
}

twins('a client that hangs up behind its frames', {
  'has published what it sent': async (t) => {
    const raw = await t.rawChannel();
    await raw.ask('QueueDeclare', { queue: 'q' });
    // Of more than its reader has credit for (400), a busy RabbitMQ may lose the end.
    publishes(raw, 50);
    raw.hangUp();
    await left(t, 'q', 50);
  },
  'has not published what is not whole': async (t) => {
    const [raw, other] = [await t.rawChannel(), await t.rawChannel()];
    await other.ask('QueueDeclare', { queue: 'q' });
    publishes(raw, 1);
    raw.send(method('BasicPublish', 1, { routingKey: 'q' }), frame(3, 1, Buffer.from('x')).subarray(0, 5));
    raw.hangUp();
    await left(t, 'q', 1);
  },
  'is not spoken to any more': async (t) => {
    const raw = await t.rawChannel();
    raw.hangUp();
    await raw.closed();
  },
});
