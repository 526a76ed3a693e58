import { describe } from 'vitest';
import type { RecordedChannel } from '../recorded-channel.js';
import { twin } from '../twin.js';

async function filled(ch: RecordedChannel, count: number, options: object = {}): Promise<void> {
  await ch.assertQueue('q', options);
  for (let number = 1; number <= count; number += 1) ch.publish('', 'q', `m${number}`);
  await ch.events();
}

describe('basic.get', () => {
  twin('counts what is left', async (t) => {
    const ch = await t.channel();
    await filled(ch, 3);
    await ch.get('q');
    await ch.get('q', { noAck: true });
    await ch.get('q');
    await ch.get('q');
  });

  twin('from nothing is refused', async (t) => {
    const ch = await t.channel();
    await ch.get('nosuch');
  });
});

describe('acknowledgements', () => {
  twin('multiple takes all before', async (t) => {
    const ch = await t.channel();
    await filled(ch, 4);
    await ch.get('q');
    await ch.get('q');
    const third = await ch.get('q');
    ch.ack(third, true);
    await ch.events();
    await ch.close();
    const other = await t.channel();
    await other.checkQueue('q');
  });

  twin('multiple with tag 0 takes everything', async (t) => {
    const raw = await t.rawChannel();
    const ch = await t.channel();
    await filled(ch, 2);
    raw.method('BasicConsume', 1, { queue: 'q', consumerTag: 'c', arguments: {} });
    await raw.rest();
    raw.method('BasicAck', 1, { deliveryTag: 0, multiple: true });
    raw.method('BasicCancel', 1, { consumerTag: 'c' });
    await raw.until('BasicCancelOk');
    raw.method('ChannelClose', 1, { replyCode: 200, replyText: '', classId: 0, methodId: 0 });
    await raw.until('ChannelCloseOk');
    await ch.checkQueue('q');
  });

  for (const [what, tag, multiple] of [
    ['an unknown tag', 7, false],
    ['an unknown tag, multiple', 7, true],
    ['tag 0, not multiple', 0, false],
  ] as const) {
    for (const method of ['BasicAck', 'BasicNack', 'BasicReject']) {
      if (method === 'BasicReject' && multiple) continue;
      twin(`${method} of ${what} is refused`, async (t) => {
        const raw = await t.rawChannel();
        raw.method(method, 1, { deliveryTag: tag, multiple, requeue: true });
        await raw.until('ChannelClose');
      });
    }
  }

  twin('twice is refused', async (t) => {
    const ch = await t.channel();
    await filled(ch, 1);
    const message = await ch.get('q');
    ch.ack(message);
    ch.ack(message);
    await ch.events();
  });

  twin('of a delivery that needs none is refused', async (t) => {
    const ch = await t.channel();
    await filled(ch, 1);
    ch.ack(await ch.get('q', { noAck: true }));
    await ch.events();
  });

  twin('on another channel is refused', async (t) => {
    const ch = await t.channel();
    await filled(ch, 1);
    const message = await ch.get('q');
    const other = await t.channel();
    other.ack(message);
    await other.events();
  });
});

describe('redelivery', () => {
  twin('of what comes back is in the old order, and marked', async (t) => {
    const ch = await t.channel();
    await filled(ch, 4);
    const first = await ch.get('q');
    const second = await ch.get('q');
    ch.nack(second);
    ch.reject(first);
    await ch.events();
    const consumer = await ch.consume('q', { noAck: true });
    await consumer.take(4);
  });

  twin('after a nack of many', async (t) => {
    const ch = await t.channel();
    await filled(ch, 5);
    await ch.get('q');
    await ch.get('q');
    ch.nack(await ch.get('q'), true, true);
    await ch.events();
    const consumer = await ch.consume('q', { noAck: true });
    await consumer.take(5);
  });

  twin('when a channel closes', async (t) => {
    const ch = await t.channel();
    await filled(ch, 3);
    await ch.get('q');
    await ch.get('q');
    await ch.close();
    const other = await t.channel();
    await other.events();
    const consumer = await other.consume('q', { noAck: true });
    await consumer.take(3);
  });

  twin('when a connection breaks', async (t) => {
    const ch = await t.channel();
    await filled(ch, 2);
    const raw = await t.rawChannel();
    raw.method('BasicConsume', 1, { queue: 'q', consumerTag: 'c', arguments: {} });
    await raw.rest();
    raw.destroy();
    await t.pause(200);
    const consumer = await ch.consume('q', { noAck: true });
    await consumer.take(2);
  });

  twin('by recover', async (t) => {
    const ch = await t.channel();
    await filled(ch, 2);
    await ch.get('q');
    await ch.recover();
    await ch.events();
    const consumer = await ch.consume('q', { noAck: true });
    await consumer.take(2);
  });

  twin('recover without requeue is not implemented', async (t) => {
    const raw = await t.rawChannel();
    raw.method('BasicRecover', 1, { requeue: false });
    await raw.until('ConnectionClose');
  });

  twin('recover-async has no answer', async (t) => {
    const raw = await t.rawChannel();
    raw.method('BasicRecoverAsync', 1, { requeue: true });
    await raw.rest();
    raw.method('BasicQos', 1, { prefetchCount: 1 });
    await raw.until('BasicQosOk');
  });

  twin('to the only consumer, over and over', async (t) => {
    const ch = await t.channel();
    await filled(ch, 2);
    await ch.prefetch(1);
    const consumer = await ch.consume('q');
    for (let round = 0; round < 3; round += 1) {
      const [message] = await consumer.take(1);
      ch.nack(message);
    }
    const [message] = await consumer.take(1);
    ch.ack(message);
    await consumer.take(1);
  });
});

describe('basic.qos', () => {
  twin('holds back what is over the limit of each consumer', async (t) => {
    const ch = await t.channel();
    await filled(ch, 6);
    await ch.prefetch(2);
    const one = await ch.consume('q');
    await one.rest();
    const two = await ch.consume('q');
    await two.rest();
    const more = await ch.checkQueue('q');
    t.say('left', more?.messageCount);
  });

  twin('global is shared by the channel', async (t) => {
    const ch = await t.channel();
    await filled(ch, 6);
    await ch.prefetch(3, true);
    const one = await ch.consume('q');
    const first = await one.rest();
    const two = await ch.consume('q');
    await two.rest();
    ch.ack(first[0]);
    await one.rest();
    await two.rest();
  });

  twin('a new limit counts for new consumers', async (t) => {
    const ch = await t.channel();
    await filled(ch, 6);
    await ch.prefetch(1);
    const one = await ch.consume('q');
    await one.rest();
    await ch.prefetch(3);
    const two = await ch.consume('q');
    await two.rest();
    await one.rest();
  });

  twin('an acknowledgement makes room', async (t) => {
    const ch = await t.channel();
    await filled(ch, 3);
    await ch.prefetch(1);
    const consumer = await ch.consume('q');
    for (let round = 0; round < 3; round += 1) {
      const [message] = await consumer.take(1);
      ch.ack(message);
    }
    await consumer.rest();
  });

  twin('does not limit automatic acknowledgement', async (t) => {
    const ch = await t.channel();
    await filled(ch, 4);
    await ch.prefetch(1);
    const consumer = await ch.consume('q', { noAck: true });
    await consumer.rest();
  });

  twin('by size is not implemented', async (t) => {
    const raw = await t.rawChannel();
    raw.method('BasicQos', 1, { prefetchSize: 1024, prefetchCount: 1 });
    await raw.until('ConnectionClose');
  });
});

describe('consumers', () => {
  twin('take turns', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    const one = await ch.consume('q', { noAck: true });
    const two = await ch.consume('q', { noAck: true });
    for (const body of ['1', '2', '3', '4', '5']) {
      ch.publish('', 'q', body);
      await ch.events();
    }
    await one.rest();
    await two.rest();
  });

  twin('of a queue that is not there are refused', async (t) => {
    const ch = await t.channel();
    await ch.consume('nosuch');
  });

  twin('with a tag in use close the connection', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    await ch.consume('q', { consumerTag: 'mine' });
    await ch.consume('q', { consumerTag: 'mine' });
  });

  twin('with the same tag on two channels are two', async (t) => {
    const one = await t.channel();
    await one.assertQueue('q');
    await one.consume('q', { consumerTag: 'mine' });
    const two = await t.channel();
    await two.consume('q', { consumerTag: 'mine' });
    await two.checkQueue('q');
  });

  twin('cancelling an unknown tag is answered', async (t) => {
    const ch = await t.channel();
    await ch.cancel('nosuch');
  });

  twin('cancelled ones keep what they have', async (t) => {
    const ch = await t.channel();
    await filled(ch, 2);
    const consumer = await ch.consume('q');
    const [first, second] = await consumer.take(2);
    await ch.cancel(consumer.tag);
    await ch.checkQueue('q');
    ch.ack(first);
    ch.nack(second);
    await ch.events();
    await ch.get('q');
  });

  twin('exclusive refuses a second', async (t) => {
    const one = await t.channel();
    await one.assertQueue('q');
    await one.consume('q', { exclusive: true });
    const two = await t.channel();
    await two.consume('q');
  });

  twin('exclusive is refused where there is one', async (t) => {
    const one = await t.channel();
    await one.assertQueue('q');
    await one.consume('q');
    const two = await t.channel();
    await two.consume('q', { exclusive: true });
  });

  twin('of higher priority are served first', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    await ch.prefetch(2);
    const low = await ch.consume('q', { priority: 1 });
    const high = await ch.consume('q', { priority: 5 });
    const none = await ch.consume('q');
    for (let number = 1; number <= 5; number += 1) {
      ch.publish('', 'q', `m${number}`);
      await ch.events();
    }
    await high.rest();
    await low.rest();
    await none.rest();
  });

  twin('with a priority that is not a number are refused', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    await ch.consume('q', { arguments: { 'x-priority': 'high' } });
  });

  twin('single active: the next takes over', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q', { arguments: { 'x-single-active-consumer': true } });
    const one = await ch.consume('q', { noAck: true });
    const two = await ch.consume('q', { noAck: true });
    ch.publish('', 'q', 'for the first');
    await ch.events();
    ch.publish('', 'q', 'for the first too');
    await one.take(2);
    await ch.cancel(one.tag);
    ch.publish('', 'q', 'for the second');
    await two.take(1);
  });

  twin('single active refuses exclusive', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q', { arguments: { 'x-single-active-consumer': true } });
    await ch.consume('q', { exclusive: true });
  });

  twin('are told of the deletion of their queue only when they can hear it', async (t) => {
    const able = await t.raw();
    await able.handshake(t.vhost, {}, { capabilities: { consumer_cancel_notify: true } });
    await able.openChannel(1);
    const deaf = await t.rawChannel();
    const ch = await t.channel();
    await ch.assertQueue('q');
    able.method('BasicConsume', 1, { queue: 'q', consumerTag: 'able', arguments: {} });
    await able.until('BasicConsumeOk');
    deaf.method('BasicConsume', 1, { queue: 'q', consumerTag: 'deaf', arguments: {} });
    await deaf.until('BasicConsumeOk');
    // Which connection hears of it first is chance: only one of them is written down.
    await (await t.plainConfirmChannel()).deleteQueue('q');
    await able.until('BasicCancel');
    await deaf.rest();
  });

  twin('with no-wait have no answer', async (t) => {
    const raw = await t.rawChannel();
    raw.method('QueueDeclare', 1, { queue: 'q', nowait: true, arguments: {} });
    raw.method('QueueBind', 1, {
      queue: 'q',
      exchange: 'amq.fanout',
      routingKey: '',
      nowait: true,
      arguments: {},
    });
    raw.method('ExchangeDeclare', 1, { exchange: 'e', type: 'fanout', nowait: true, arguments: {} });
    raw.method('BasicConsume', 1, { queue: 'q', consumerTag: 'c', nowait: true, noAck: true, arguments: {} });
    raw.publish(1, { exchange: 'amq.fanout', routingKey: '' }, Buffer.from('served'));
    await raw.until('body');
    raw.method('BasicCancel', 1, { consumerTag: 'c', nowait: true });
    raw.method('QueuePurge', 1, { queue: 'q', nowait: true });
    raw.method('ExchangeDelete', 1, { exchange: 'e', nowait: true });
    raw.method('QueueDelete', 1, { queue: 'q', nowait: true });
    raw.method('BasicQos', 1, {});
    await raw.until('BasicQosOk');
  });
});
