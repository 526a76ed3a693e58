import { describe } from 'vitest';
import { twin } from '../twin.js';

describe('message time to live', () => {
  twin('of the queue', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q', { arguments: { 'x-message-ttl': 100 } });
    ch.publish('', 'q', 'short-lived');
    await ch.checkQueue('q');
    await t.pause(400);
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
