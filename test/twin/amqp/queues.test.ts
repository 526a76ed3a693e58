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
    await ch.events();
    await ch.checkQueue('q');
  });

  twin('without a name gets one from the server', async (t) => {
    const ch = await t.channel();
    const first = await ch.assertQueue('');
    const second = await ch.assertQueue('');
    t.say('two names differ', first!.queue !== second!.queue);
    t.say('a name is', first!.queue.length, 'characters long');
    ch.publish('', second!.queue, 'by its name');
    await ch.get(second!.queue);
  });

  twin('without a name means the last declared queue of the channel', async (t) => {
    const raw = await t.rawChannel();
    raw.method('QueueDeclare', 1, { queue: 'last', arguments: {} });
    await raw.until('QueueDeclareOk');
    raw.method('QueueBind', 1, { queue: '', exchange: 'amq.direct', routingKey: 'k', arguments: {} });
    await raw.until('QueueBindOk');
    raw.method('QueuePurge', 1, { queue: '' });
    await raw.until('QueuePurgeOk');
    raw.method('BasicGet', 1, { queue: '' });
    await raw.until('BasicGetEmpty');
    raw.method('QueueDelete', 1, { queue: '' });
    await raw.until('QueueDeleteOk');
  });

  twin('nothing declared yet, and no name, is refused', async (t) => {
    const raw = await t.rawChannel();
    raw.method('BasicGet', 1, { queue: '' });
    await raw.until('ChannelClose');
  });

  for (const [what, first, second] of [
    ['durable', { durable: true }, { durable: false }],
    ['auto_delete', { autoDelete: false }, { autoDelete: true }],
    ['exclusive', { exclusive: false }, { exclusive: true }],
    ['an argument more', {}, { arguments: { 'x-message-ttl': 1000 } }],
    ['an argument less', { arguments: { 'x-message-ttl': 1000 } }, {}],
    ['another value', { arguments: { 'x-max-length': 5 } }, { arguments: { 'x-max-length': 6 } }],
    [
      'another text',
      { arguments: { 'x-dead-letter-exchange': 'a' } },
      { arguments: { 'x-dead-letter-exchange': 'b' } },
    ],
    ['another priority', { arguments: { 'x-max-priority': 5 } }, { arguments: { 'x-max-priority': 6 } }],
    [
      'another overflow',
      { arguments: { 'x-overflow': 'drop-head' } },
      { arguments: { 'x-overflow': 'reject-publish' } },
    ],
    [
      'another type',
      { arguments: { 'x-queue-type': 'classic' } },
      { arguments: { 'x-queue-type': 'quorum' } },
    ],
  ] as const) {
    twin(`again with ${what} differing is refused`, async (t) => {
      const ch = await t.channel();
      await ch.assertQueue('q', first);
      await ch.assertQueue('q', second);
    });
  }

  twin('again with the same number in another type is accepted', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q', { arguments: { 'x-message-ttl': 100 } });
    await ch.assertQueue('q', { arguments: { 'x-message-ttl': { '!': 'long', value: 100 } } });
  });

  twin('again with an unknown argument more is accepted', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q', {});
    await ch.assertQueue('q', { arguments: { 'x-nonsense': 'yes' } });
  });

  for (const [key, value] of [
    ['x-message-ttl', -1],
    ['x-message-ttl', 'soon'],
    ['x-message-ttl', true],
    ['x-message-ttl', { '!': 'long', value: 2 ** 40 }],
    ['x-expires', 0],
    ['x-expires', -5],
    ['x-expires', 'later'],
    ['x-max-length', -1],
    ['x-max-length', 'long'],
    ['x-max-length-bytes', -1],
    ['x-max-priority', 256],
    ['x-max-priority', -1],
    ['x-max-priority', 'high'],
    ['x-overflow', 'explode'],
    ['x-overflow', 7],
    ['x-dead-letter-exchange', 5],
    ['x-dead-letter-routing-key', 'without-an-exchange'],
    ['x-single-active-consumer', 'yes'],
    ['x-queue-type', 'nosuch'],
    ['x-queue-type', 3],
    ['x-queue-mode', 'busy'],
    ['x-queue-version', 9],
  ] as const) {
    twin(`with ${key} = ${JSON.stringify(value)} is refused`, async (t) => {
      const ch = await t.channel();
      await ch.assertQueue('q', { arguments: { [key]: value } });
    });
  }

  twin('of a reserved name is refused', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('amq.mine');
  });

  twin('with line breaks in the name strips them', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('a\r\nb');
    await ch.checkQueue('ab');
  });

  twin('passive of a queue that is not there is refused', async (t) => {
    const ch = await t.channel();
    await ch.checkQueue('nosuch');
  });

  twin('passive does not compare properties', async (t) => {
    const raw = await t.rawChannel();
    raw.method('QueueDeclare', 1, { queue: 'q', durable: true, arguments: {} });
    await raw.until('QueueDeclareOk');
    raw.method('QueueDeclare', 1, {
      queue: 'q',
      passive: true,
      autoDelete: true,
      arguments: { 'x-max-length': 1 },
    });
    await raw.until('QueueDeclareOk', 'ChannelClose');
  });
});

describe('an exclusive queue', () => {
  twin('is locked to its connection', async (t) => {
    const owner = await t.channel();
    await owner.assertQueue('mine', { exclusive: true });
    const connection = await t.connection();
    for (const use of ['assertQueue', 'checkQueue', 'purgeQueue', 'deleteQueue'] as const) {
      const other = await t.channel(connection);
      await other[use]('mine');
    }
    const binder = await t.channel(connection);
    await binder.bindQueue('mine', 'amq.direct', 'k');
    const consumer = await t.channel(connection);
    await consumer.consume('mine');
    const getter = await t.channel(connection);
    await getter.get('mine');
  });

  twin('still receives what others publish', async (t) => {
    const owner = await t.channel();
    await owner.assertQueue('mine', { exclusive: true });
    const other = await t.channel(await t.connection());
    other.publish('', 'mine', 'from outside');
    await other.events();
    await owner.get('mine');
  });

  twin('goes with its connection', async (t) => {
    const connection = await t.connection();
    const owner = await t.channel(connection);
    await owner.assertQueue('mine', { exclusive: true, durable: true });
    await owner.events();
    await connection!.close();
    const other = await t.channel(await t.connection());
    await t.pause(100);
    await other.checkQueue('mine');
  });
});

describe('queue.delete and queue.purge', () => {
  twin('delete answers the number of messages', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    ch.publish('', 'q', 'one');
    ch.publish('', 'q', 'two');
    await ch.events();
    await ch.deleteQueue('q');
    await ch.checkQueue('q');
  });

  twin('delete of nothing succeeds', async (t) => {
    const ch = await t.channel();
    await ch.deleteQueue('nosuch');
  });

  twin('delete if-unused of a used queue is refused', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    await ch.consume('q');
    await ch.deleteQueue('q', { ifUnused: true });
  });

  twin('delete if-empty of a queue with messages is refused', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    ch.publish('', 'q', 'one');
    await ch.events();
    await ch.deleteQueue('q', { ifEmpty: true });
  });

  twin('delete if-unused and if-empty of an idle empty queue works', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    await ch.deleteQueue('q', { ifUnused: true, ifEmpty: true });
    await ch.checkQueue('q');
  });

  twin('delete tells consumers that can hear it', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    const consumer = await ch.consume('q');
    const other = await t.channel();
    await other.deleteQueue('q');
    await consumer.take(1);
  });

  twin('purge counts what it removes, and leaves what is unacknowledged', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    for (const body of ['one', 'two', 'three']) ch.publish('', 'q', body);
    await ch.events();
    const first = await ch.get('q');
    await ch.purgeQueue('q');
    ch.nack(first);
    await ch.events();
    await ch.get('q');
  });

  twin('purge of nothing is refused', async (t) => {
    const ch = await t.channel();
    await ch.purgeQueue('nosuch');
  });
});

describe('an auto-delete queue', () => {
  twin('stays until its last consumer goes', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q', { autoDelete: true });
    await ch.checkQueue('q');
    const one = await ch.consume('q');
    const two = await ch.consume('q');
    await ch.cancel(one.tag);
    await ch.checkQueue('q');
    await ch.cancel(two.tag);
    await t.pause(100);
    await ch.checkQueue('q');
  });

  twin('goes with the channel of its last consumer', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q', { autoDelete: true });
    const other = await t.channel();
    await other.consume('q');
    await other.close();
    await t.pause(100);
    await ch.checkQueue('q');
  });

  twin('goes with a connection that breaks', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q', { autoDelete: true });
    const raw = await t.rawChannel();
    await raw.ask('BasicConsume', { queue: 'q', consumerTag: 'c' });
    raw.destroy();
    await t.pause(200);
    await ch.checkQueue('q');
  });

  twin('that is declared again has its consumer to go with, all the same', async (t) => {
    const raw = await t.rawChannel();
    await raw.ask('QueueDeclare', { queue: 'q', autoDelete: true });
    await raw.ask('BasicConsume', { queue: 'q', consumerTag: 'c' });
    await raw.ask('QueueDeclare', { queue: 'q', autoDelete: true });
    await raw.ask('QueuePurge', { queue: 'q' });
    await raw.ask('BasicCancel', { consumerTag: 'c' });
    await raw.ask('QueueDeclare', { queue: 'q', passive: true });
  });

  twin('never used by a consumer survives its channel', async (t) => {
    const one = await t.channel();
    await one.assertQueue('q', { autoDelete: true });
    await one.get('q');
    await one.close();
    const two = await t.channel();
    await two.checkQueue('q');
  });
});
