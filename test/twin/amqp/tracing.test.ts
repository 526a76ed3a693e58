/** trace_on: the copies in amq.rabbitmq.trace, byte for byte but for what is each run's own. */
import { connect } from 'amqplib';
import { decodeProperties } from '../../../src/broker/protocol/properties.js';
import type { Stage } from '../stage.js';
import { twin } from '../twin.js';

const everyType = {
  contentType: 'text/plain',
  contentEncoding: 'utf-8',
  deliveryMode: 2,
  priority: 5,
  correlationId: 'c',
  replyTo: 'r',
  expiration: '60000',
  messageId: 'm',
  timestamp: 1_700_000_000,
  type: 't',
  userId: 'guest',
  appId: 'a',
  headers: { h: 1, s: 'ü', t: true, n: null, f: 1.5, big: 2 ** 40, deep: { list: [1, 'two', { three: 3 }] } },
};

/** A queue bound to the trace exchange, with tracing on; its messages are got by a client of raw frames. */
async function traced(t: Stage, work: () => Promise<unknown>, count: number): Promise<void> {
  await t.node.api('PUT', `queues/${t.vhost}/traces`, {});
  await t.node.api('POST', `bindings/${t.vhost}/e/amq.rabbitmq.trace/q/traces`, { routing_key: '#' });
  await t.node.api('PUT', `vhosts/${t.vhost}`, { tracing: true });
  await work();
  await t.node.api('PUT', `vhosts/${t.vhost}`, { tracing: false });
  const reader = await t.rawChannel();
  for (let got = 0; got <= count; got += 1) {
    reader.contentHeader = Buffer.alloc(0);
    reader.method('BasicGet', 1, { queue: 'traces', noAck: true });
    await reader.quietly(() => reader.until('header', 'BasicGetEmpty'));
    if (reader.contentHeader.length === 0) return;
    t.say('properties', decodeProperties(reader.contentHeader.subarray(12)));
  }
}

/** A connection whose name says nothing of its ports. */
async function client(t: Stage) {
  const model = await connect({
    hostname: '127.0.0.1',
    port: t.node.specification.ports.amqp,
    vhost: t.vhost,
    heartbeat: 0,
  });
  return { model, channel: await model.createConfirmChannel() };
}

twin('every property and header, published, got, delivered and redelivered', async (t) => {
  const { model, channel } = await client(t);
  await channel.assertExchange('x', 'topic');
  for (const queue of ['q2', 'q1']) {
    await channel.assertQueue(queue);
    await channel.bindQueue(queue, 'x', '#');
  }
  await traced(
    t,
    async () => {
      channel.publish('x', 'a.b', Buffer.from('hello'), everyType);
      await channel.waitForConfirms();
      const got = await channel.get('q1');
      if (got) channel.nack(got);
      await channel.get('q1', { noAck: true });
      await channel.consume('q2', () => {}, { noAck: true });
      await t.pause(300);
    },
    4,
  );
  await model.close();
});

twin('unroutable messages, copies and the default exchange', async (t) => {
  const { model, channel } = await client(t);
  await channel.assertQueue('b');
  await channel.assertQueue('a');
  await channel.assertExchange('x', 'direct');
  await traced(
    t,
    async () => {
      channel.publish('', 'b', Buffer.from('1'), { CC: ['nowhere', 'a'], BCC: ['b', 'hidden'] });
      channel.publish('', 'nowhere', Buffer.from('2'));
      channel.publish('x', 'nowhere', Buffer.alloc(0));
      await channel.waitForConfirms();
    },
    3,
  );
  await model.close();
});

twin('a transaction is traced as it is published', async (t) => {
  const { model } = await client(t);
  const raw = await t.rawChannel();
  await traced(
    t,
    async () => {
      raw.method('TxSelect', 1);
      await raw.until('TxSelectOk');
      raw.publish(1, { exchange: '', routingKey: 'q' }, Buffer.from('in a transaction'));
      raw.method('TxRollback', 1);
      await raw.until('TxRollbackOk');
    },
    1,
  );
  await model.close();
});

twin('what is published and got over HTTP, and what the aliveness test does', async (t) => {
  await t.node.api('PUT', `queues/${t.vhost}/q`, {});
  const publish = (key: string) =>
    t.api('POST', 'exchanges/VHOST/amq.default/publish', {
      routing_key: key,
      properties: { priority: 3, headers: { a: 1, CC: ['copied'] } },
      payload: 'x',
      payload_encoding: 'string',
    });
  const get = (ackmode: string) =>
    t.api('POST', 'queues/VHOST/q/get', { ackmode, encoding: 'auto', count: 1 });
  await traced(
    t,
    async () => {
      await publish('q');
      await publish('nowhere');
      await get('ack_requeue_true');
      await get('ack_requeue_false');
      await t.api('GET', 'aliveness-test/VHOST');
    },
    6,
  );
});
