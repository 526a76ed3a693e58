import { describe } from 'vitest';
import { twin } from '../twin.js';

describe('basic.publish', () => {
  twin('to an exchange that is not there closes the channel', async (t) => {
    const ch = await t.channel();
    ch.publish('nosuch', 'k', 'lost');
    await ch.events();
    const other = await t.channel();
    await other.assertQueue('q');
  });

  twin('mandatory comes back with its properties when nothing is bound', async (t) => {
    const ch = await t.channel();
    ch.publish('amq.direct', 'nowhere', 'back', {
      mandatory: true,
      contentType: 'text/plain',
      contentEncoding: 'utf-8',
      deliveryMode: 2,
      priority: 3,
      correlationId: 'c-1',
      replyTo: 'r',
      expiration: '60000',
      messageId: 'm-1',
      timestamp: 1_700_000_000,
      type: 't',
      appId: 'a',
      headers: { h: 1 },
    });
    ch.publish('amq.direct', 'nowhere', 'vanishes');
    await ch.events();
  });

  twin('carries every property to the consumer', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    ch.publish('', 'q', '', {
      contentType: 'text/plain',
      contentEncoding: 'utf-8',
      deliveryMode: 1,
      priority: 9,
      correlationId: 'c-1',
      replyTo: 'r',
      expiration: '60000',
      messageId: 'm-1',
      timestamp: 1_700_000_000,
      type: 't',
      userId: 'guest',
      appId: 'a',
      headers: {},
    });
    await ch.events();
    await ch.get('q', { noAck: true });
  });

  twin('immediate is not implemented', async (t) => {
    const raw = await t.rawChannel();
    raw.publish(1, { exchange: '', routingKey: 'q', immediate: true }, Buffer.from('x'));
    await raw.until('ConnectionClose');
    raw.method('ConnectionCloseOk', 0);
    await raw.closed();
  });

  twin("with another user's id is refused", async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    ch.publish('', 'q', 'mine', { userId: 'guest' });
    ch.publish('', 'q', 'not mine', { userId: 'somebody' });
    await ch.events();
  });

  for (const expiration of ['soon', '-1', '', '1.5', '99999999999', '10 ']) {
    twin(`with expiration "${expiration}"`, async (t) => {
      const ch = await t.channel();
      await ch.assertQueue('q');
      ch.publish('', 'q', 'x', { expiration });
      await ch.events();
    });
  }

  twin('into a queue of a vhost without permission to write', async (t) => {
    await t.api('PUT', 'users/twin-reader', { password: 'p', tags: '' });
    await t.permit('twin-reader', { configure: '^mine', write: '^$', read: '.*' });
    const reader = await t.connection({ username: 'twin-reader', password: 'p' });
    const one = await t.channel(reader);
    one.publish('amq.direct', 'k', 'no');
    await one.events();
    const two = await t.channel(reader);
    await two.assertQueue('other');
    const three = await t.channel(reader);
    await three.assertQueue('mine');
    await three.bindQueue('mine', 'amq.direct', 'k');
    const four = await t.channel(reader);
    await four.assertExchange('other', 'fanout');
    const five = await t.channel(reader);
    await five.consume('mine');
    await five.get('mine');
    await five.purgeQueue('mine');
    const six = await t.channel(reader);
    await six.deleteExchange('amq.direct');
    await t.api('DELETE', 'users/twin-reader');
  });

  twin('by a user who may not read', async (t) => {
    await t.api('PUT', 'users/twin-writer', { password: 'p', tags: '' });
    await t.permit('twin-writer', { configure: '.*', write: '.*', read: '^$' });
    const writer = await t.connection({ username: 'twin-writer', password: 'p' });
    for (const use of ['get', 'consume', 'purgeQueue'] as const) {
      const ch = await t.channel(writer);
      await ch.assertQueue('q');
      await ch[use]('q');
    }
    const binder = await t.channel(writer);
    await binder.bindQueue('q', 'amq.direct', 'k');
    await t.api('DELETE', 'users/twin-writer');
  });
});

describe('confirms', () => {
  twin('come for routed and for lost messages alike', async (t) => {
    const ch = await t.confirmChannel();
    await ch.assertQueue('q', { durable: true });
    ch.publish('', 'q', 'transient');
    await ch.confirms();
    ch.publish('', 'q', 'persistent', { persistent: true });
    await ch.confirms();
    ch.publish('', 'nosuch', 'lost');
    await ch.confirms();
  });

  twin('come after the return of a mandatory message', async (t) => {
    const ch = await t.confirmChannel();
    ch.publish('', 'nosuch', 'back', { mandatory: true });
    await ch.confirms();
  });

  twin('come for many', async (t) => {
    const ch = await t.confirmChannel();
    await ch.assertQueue('q', { durable: true });
    for (let number = 1; number <= 50; number += 1) ch.publish('', 'q', `${number}`, { persistent: true });
    await ch.confirms();
    await ch.checkQueue('q');
  });

  twin('selected twice', async (t) => {
    const raw = await t.rawChannel();
    raw.method('ConfirmSelect', 1);
    await raw.until('ConfirmSelectOk');
    raw.method('ConfirmSelect', 1);
    await raw.until('ConfirmSelectOk');
    raw.publish(1, { exchange: '', routingKey: 'nowhere' }, Buffer.from('x'));
    await raw.until('BasicAck');
  });

  twin('after transactions are refused', async (t) => {
    const raw = await t.rawChannel();
    raw.method('TxSelect', 1);
    await raw.until('TxSelectOk');
    raw.method('ConfirmSelect', 1);
    await raw.until('ChannelClose');
  });

  twin('before transactions are refused', async (t) => {
    const raw = await t.rawChannel();
    raw.method('ConfirmSelect', 1);
    await raw.until('ConfirmSelectOk');
    raw.method('TxSelect', 1);
    await raw.until('ChannelClose');
  });
});

describe('transactions', () => {
  twin('publish at the commit', async (t) => {
    const raw = await t.rawChannel();
    raw.method('QueueDeclare', 1, { queue: 'q', arguments: {} });
    await raw.until('QueueDeclareOk');
    raw.method('TxSelect', 1);
    await raw.until('TxSelectOk');
    raw.publish(1, { exchange: '', routingKey: 'q' }, Buffer.from('one'));
    raw.publish(1, { exchange: '', routingKey: 'q' }, Buffer.from('two'));
    raw.method('QueueDeclare', 1, { queue: 'q', passive: true, arguments: {} });
    await raw.until('QueueDeclareOk');
    raw.method('TxCommit', 1);
    await raw.until('TxCommitOk');
    raw.method('QueueDeclare', 1, { queue: 'q', passive: true, arguments: {} });
    await raw.until('QueueDeclareOk');
  });

  twin('forget at the rollback', async (t) => {
    const raw = await t.rawChannel();
    raw.method('QueueDeclare', 1, { queue: 'q', arguments: {} });
    await raw.until('QueueDeclareOk');
    raw.method('TxSelect', 1);
    await raw.until('TxSelectOk');
    raw.publish(1, { exchange: '', routingKey: 'q' }, Buffer.from('one'));
    raw.method('TxRollback', 1);
    await raw.until('TxRollbackOk');
    raw.method('TxCommit', 1);
    await raw.until('TxCommitOk');
    raw.method('QueueDeclare', 1, { queue: 'q', passive: true, arguments: {} });
    await raw.until('QueueDeclareOk');
  });

  twin('acknowledge at the commit, and forget acknowledgements at the rollback', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    ch.publish('', 'q', 'one');
    await ch.events();
    const raw = await t.rawChannel();
    raw.method('TxSelect', 1);
    await raw.until('TxSelectOk');
    raw.method('BasicGet', 1, { queue: 'q' });
    await raw.until('body');
    raw.method('BasicAck', 1, { deliveryTag: 1 });
    raw.method('TxRollback', 1);
    await raw.until('TxRollbackOk');
    raw.method('BasicAck', 1, { deliveryTag: 1 });
    raw.method('TxCommit', 1);
    await raw.until('TxCommitOk');
    await ch.checkQueue('q');
  });

  for (const what of ['TxCommit', 'TxRollback']) {
    twin(`${what} without a transaction is refused`, async (t) => {
      const raw = await t.rawChannel();
      raw.method(what, 1);
      await raw.until('ChannelClose');
    });
  }

  twin('return mandatory messages at the commit', async (t) => {
    const raw = await t.rawChannel();
    raw.method('TxSelect', 1);
    await raw.until('TxSelectOk');
    raw.publish(1, { exchange: '', routingKey: 'nowhere', mandatory: true }, Buffer.from('back'));
    await raw.rest();
    raw.method('TxCommit', 1);
    await raw.until('TxCommitOk');
    await raw.rest();
  });

  twin('end with an unrouted exchange', async (t) => {
    const raw = await t.rawChannel();
    raw.method('TxSelect', 1);
    await raw.until('TxSelectOk');
    raw.publish(1, { exchange: 'nosuch', routingKey: 'k' }, Buffer.from('x'));
    await raw.until('ChannelClose');
  });
});

describe('direct reply-to', () => {
  twin('brings the answer back without a queue', async (t) => {
    const client = await t.channel();
    await client.assertQueue('service');
    const replies = await client.consume('amq.rabbitmq.reply-to', { noAck: true });
    client.publish('', 'service', 'question', { replyTo: 'amq.rabbitmq.reply-to', correlationId: '7' });
    await client.events();
    const server = await t.channel();
    const question = await server.get('service', { noAck: true });
    server.publish('', question!.properties.replyTo as string, 'answer', { correlationId: '7' });
    await replies.take(1);
    await server.checkQueue(question!.properties.replyTo as string);
  });

  twin('refuses a consumer that would acknowledge', async (t) => {
    const ch = await t.channel();
    await ch.consume('amq.rabbitmq.reply-to', { noAck: false });
  });

  twin('refuses a publisher without a consumer', async (t) => {
    const ch = await t.channel();
    ch.publish('', 'anywhere', 'question', { replyTo: 'amq.rabbitmq.reply-to' });
    await ch.events();
  });

  twin('refuses a second consumer', async (t) => {
    const ch = await t.channel();
    await ch.consume('amq.rabbitmq.reply-to', { noAck: true });
    await ch.consume('amq.rabbitmq.reply-to', { noAck: true });
  });

  twin('returns a mandatory answer to nobody', async (t) => {
    const ch = await t.channel();
    ch.publish('', 'amq.rabbitmq.reply-to.nobody', 'answer', { mandatory: true });
    await ch.events();
  });

  twin('is a queue to those who ask', async (t) => {
    const ch = await t.channel();
    await ch.checkQueue('amq.rabbitmq.reply-to');
    await ch.assertQueue('amq.rabbitmq.reply-to');
  });
});
