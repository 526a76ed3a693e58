import type { GetMessage } from 'amqplib';
import { describe } from 'vitest';
import type { RecordedChannel } from '../recorded-channel.js';
import { twin } from '../twin.js';

describe('message time to live', () => {
  twin('of the queue', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q', { arguments: { 'x-message-ttl': 3000 } });
    ch.publish('', 'q', 'short-lived');
    // RabbitMQ's queue answers who asks for its length before it takes what was published already.
    await ch.events();
    await ch.checkQueue('q');
    await t.pause(3500);
    await ch.get('q');
    await ch.checkQueue('q');
  });

  twin('of the message', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    ch.publish('', 'q', 'short-lived', { expiration: '100' });
    ch.publish('', 'q', 'stays');
    await t.pause(400);
    await ch.get('q');
    await ch.get('q');
  });

  for (const [queue, message] of [
    [100, '60000'],
    [60000, '100'],
  ] as const) {
    twin(`the lower of ${queue} and ${message} wins`, async (t) => {
      const ch = await t.channel();
      await ch.assertQueue('q', { arguments: { 'x-message-ttl': queue } });
      ch.publish('', 'q', 'short-lived', { expiration: message });
      await t.pause(400);
      await ch.get('q');
    });
  }

  twin('0 delivers at once or never', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q', { arguments: { 'x-message-ttl': 0 } });
    ch.publish('', 'q', 'nobody there');
    await ch.events();
    await ch.checkQueue('q');
    const consumer = await ch.consume('q', { noAck: true });
    ch.publish('', 'q', 'somebody there');
    await consumer.take(1);
  });

  twin('expiration 0 delivers at once or never', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    ch.publish('', 'q', 'nobody there', { expiration: '0' });
    await ch.events();
    await ch.get('q');
    const consumer = await ch.consume('q', { noAck: true });
    ch.publish('', 'q', 'somebody there', { expiration: '0' });
    await consumer.take(1);
  });

  /** What is behind or before it makes the queue look again, its own arrival does not. */
  for (const [what, then] of [
    ['nothing happens', async () => {}],
    ['one comes back', async (ch, got) => ch.nack(got, false, true)],
    ['another arrives', async (ch) => ch.publish('', 'q', 'another')],
    ['one is taken', async (ch) => void (await ch.get('q'))],
    ['a consumer comes', async (ch) => void (await (await ch.consume('q', { noAck: true })).rest())],
  ] as [string, (ch: RecordedChannel, got?: GetMessage) => Promise<void>][]) {
    for (const length of [1, 2]) {
      twin(`of a message that overtakes ${length} by its priority, when ${what}`, async (t) => {
        const ch = await t.channel();
        await ch.assertQueue('q', { arguments: { 'x-max-priority': 3 } });
        for (let count = 0; count <= length; count++) ch.publish('', 'q', `low ${count}`);
        await ch.events();
        const got = await ch.get('q');
        ch.publish('', 'q', 'high', { priority: 1, expiration: '0' });
        await t.pause(100);
        await then(ch, got);
        await ch.events();
        for (let count = 0; count < 4; count++) await ch.get('q');
      });
    }
  }

  twin('of a message that overtakes one with a time of its own', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q', { arguments: { 'x-max-priority': 3 } });
    ch.publish('', 'q', 'low', { expiration: '2000' });
    ch.publish('', 'q', 'high', { priority: 1, expiration: '0' });
    await t.pause(500);
    await ch.checkQueue('q');
    await t.pause(2500);
    await ch.checkQueue('q');
  });

  twin('of a message that overtakes, where another is driven out', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q', { arguments: { 'x-max-priority': 3, 'x-max-length': 2 } });
    ch.publish('', 'q', 'low');
    ch.publish('', 'q', 'low');
    await ch.events();
    ch.publish('', 'q', 'high', { priority: 1, expiration: '0' });
    await ch.events();
    await ch.get('q');
    await ch.get('q');
  });

  twin('of a message behind one that lives longer waits for it', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    ch.publish('', 'q', 'long', { expiration: '60000' });
    ch.publish('', 'q', 'short', { expiration: '100' });
    await t.pause(400);
    await ch.checkQueue('q');
    await ch.get('q', { noAck: true });
    await ch.get('q', { noAck: true });
  });

  twin('does not end what is delivered, but ends what comes back', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q', { arguments: { 'x-message-ttl': 1500 } });
    ch.publish('', 'q', 'held');
    const held = await ch.get('q');
    await t.pause(1800);
    ch.nack(held);
    await ch.events();
    await ch.get('q');
  });

  for (const [where, more] of [
    ['nowhere', {}],
    ['to another queue', { 'dead-letter-exchange': '', 'dead-letter-routing-key': 'dead' }],
  ] as const) {
    twin(`0 by a policy, where messages wait that came before it and the dead go ${where}`, async (t) => {
      const ch = await t.channel();
      await ch.assertQueue('dead');
      await ch.assertQueue('q');
      ch.publish('', 'q', 'came before');
      await ch.events();
      const definition = { 'message-ttl': 0, ...more };
      await t.api('PUT', 'policies/VHOST/ttl', { pattern: '^q$', definition });
      await t.pause(300);
      ch.publish('', 'q', 'comes after');
      await ch.events();
      await ch.checkQueue('q');
      await ch.get('q');
      await ch.events();
      await ch.checkQueue('q');
      await ch.checkQueue('dead');
    });
  }

  twin('by a policy', async (t) => {
    await t.api('PUT', 'policies/VHOST/ttl', { pattern: '^q$', definition: { 'message-ttl': 100 } });
    const ch = await t.channel();
    await ch.assertQueue('q', { arguments: { 'x-message-ttl': 60000 } });
    ch.publish('', 'q', 'short-lived');
    await t.pause(400);
    await ch.get('q');
  });
});

describe('x-expires', () => {
  twin('deletes an idle queue', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q', { arguments: { 'x-expires': 150 } });
    ch.publish('', 'q', 'not a use');
    await t.pause(600);
    await ch.checkQueue('q');
  });

  twin('spares a queue with a consumer', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q', { arguments: { 'x-expires': 1500 } });
    const consumer = await ch.consume('q');
    await t.pause(2200);
    await ch.checkQueue('q');
    await ch.cancel(consumer.tag);
    await t.pause(2200);
    await ch.checkQueue('q');
  });

  twin('is put off by basic.get and by declaring again', async (t) => {
    const ch = await t.channel();
    const options = { arguments: { 'x-expires': 2000 } };
    await ch.assertQueue('q', options);
    await t.pause(1200);
    await ch.get('q');
    await t.pause(1200);
    await ch.assertQueue('q', options);
    await t.pause(1200);
    await ch.checkQueue('q');
  });
});
