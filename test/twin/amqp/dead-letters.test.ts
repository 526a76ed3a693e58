import { describe } from 'vitest';
import { twin } from '../twin.js';

const to = (queue: string, more: Record<string, unknown> = {}) => ({
  arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': queue, ...more },
});

describe('dead letters', () => {
  for (const how of ['reject', 'nack'] as const) {
    twin(`of a ${how} without requeue`, async (t) => {
      const ch = await t.channel();
      await ch.assertQueue('dead');
      await ch.assertQueue('q', to('dead'));
      ch.publish('', 'q', 'refused', { persistent: true, headers: { mine: 1 }, messageId: 'm' });
      await ch.events();
      const message = await ch.get('q');
      if (how === 'reject') ch.reject(message, false);
      else ch.nack(message, false, false);
      await ch.events();
      await ch.get('dead');
    });
  }

  twin('of an expired message have no expiration any more', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('dead');
    await ch.assertQueue('q', to('dead'));
    ch.publish('', 'q', 'expired', { expiration: '50' });
    await t.pause(400);
    await ch.get('dead');
  });

  twin('of a queue with a time to live', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('dead');
    await ch.assertQueue('q', to('dead', { 'x-message-ttl': 50 }));
    ch.publish('', 'q', 'one');
    ch.publish('', 'q', 'two');
    await t.pause(400);
    await ch.get('dead');
    await ch.get('dead');
  });

  for (const [what, limit] of [
    ['drives out', { 'x-max-length': 1 }],
    ['cannot stay, and so is one itself', { 'x-message-ttl': 0 }],
    ['is refused, and so is one itself', { 'x-max-length': 1, 'x-overflow': 'reject-publish-dlx' }],
  ] as const) {
    twin(`come behind the message that ${what}, where it goes to their queue as well`, async (t) => {
      const ch = await t.channel();
      await ch.assertQueue('dead');
      await ch.assertQueue('q', to('dead', limit));
      ch.publish('', 'q', 'first');
      await ch.events();
      ch.publish('', 'q', 'second', { CC: ['dead'] });
      await ch.events();
      for (let count = 0; count < 3; count++) await ch.get('dead');
    });
  }

  twin('of a queue that is deleted right behind the refusal', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('dead');
    await ch.assertQueue('q', to('dead'));
    ch.publish('', 'q', 'refused');
    await ch.events();
    ch.reject(await ch.get('q'), false);
    await ch.deleteQueue('q');
    await ch.events();
    await ch.get('dead');
  });

  twin('keep the routing key where no other is given', async (t) => {
    const ch = await t.channel();
    await ch.assertExchange('dlx', 'topic');
    await ch.assertQueue('dead');
    await ch.bindQueue('dead', 'dlx', 'a.*');
    await ch.assertQueue('q', { arguments: { 'x-dead-letter-exchange': 'dlx' } });
    await ch.bindQueue('q', 'amq.topic', '#');
    ch.publish('amq.topic', 'a.b', 'kept');
    await ch.events();
    ch.reject(await ch.get('q'), false);
    await ch.events();
    await ch.get('dead');
  });

  twin('keep CC as it was, and lose it where a key is given', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('dead');
    await ch.assertQueue('q', to('dead'));
    ch.publish('', 'q', 'copies', { headers: { CC: ['other'], BCC: ['secret'] } });
    await ch.events();
    ch.reject(await ch.get('q'), false);
    await ch.events();
    await ch.get('dead');
  });

  twin('to an exchange that is not there vanish', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q', { arguments: { 'x-dead-letter-exchange': 'nosuch' } });
    ch.publish('', 'q', 'gone');
    await ch.events();
    ch.reject(await ch.get('q'), false);
    await ch.events();
    await ch.checkQueue('q');
  });

  twin('by two queues carry both deaths, the last one first', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('end');
    await ch.assertQueue('second', to('end', { 'x-message-ttl': 50 }));
    await ch.assertQueue('first', to('second'));
    ch.publish('', 'first', 'twice dead');
    await ch.events();
    ch.reject(await ch.get('first'), false);
    await t.pause(400);
    await ch.get('end');
  });

  twin('rejected again and again are counted', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('a', to('b'));
    await ch.assertQueue('b', to('a'));
    ch.publish('', 'a', 'back and forth');
    for (let round = 0; round < 2; round += 1) {
      await ch.events();
      ch.reject(await ch.get('a'), false);
      await ch.events();
      ch.reject(await ch.get('b'), false);
    }
    await ch.events();
    await ch.get('a');
  });

  twin('that expire in a circle are dropped', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('a', to('b', { 'x-message-ttl': 50 }));
    await ch.assertQueue('b', to('a', { 'x-message-ttl': 50 }));
    ch.publish('', 'a', 'round');
    await t.pause(600);
    await ch.checkQueue('a');
    await ch.checkQueue('b');
  });

  twin('of a purge and of a deleted queue there are none', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('dead');
    await ch.assertQueue('q', to('dead'));
    ch.publish('', 'q', 'purged');
    await ch.events();
    await ch.purgeQueue('q');
    ch.publish('', 'q', 'deleted');
    await ch.events();
    await ch.deleteQueue('q');
    await ch.checkQueue('dead');
  });

  twin('by a policy', async (t) => {
    await t.api('PUT', 'policies/VHOST/dlx', {
      pattern: '^q$',
      definition: { 'dead-letter-exchange': '', 'dead-letter-routing-key': 'dead' },
    });
    const ch = await t.channel();
    await ch.assertQueue('dead');
    await ch.assertQueue('q');
    ch.publish('', 'q', 'refused');
    await ch.events();
    ch.reject(await ch.get('q'), false);
    await ch.events();
    await ch.get('dead');
  });

  twin('are delivered before the rejecting consumer asks for more', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('dead');
    await ch.assertQueue('q', to('dead'));
    for (const body of ['one', 'two', 'three']) ch.publish('', 'q', body);
    const consumer = await ch.consume('q');
    const [, second] = await consumer.take(3);
    ch.nack(second, true, false);
    await ch.events();
    const dead = await ch.consume('dead', { noAck: true });
    await dead.take(2);
  });
});
