import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { property } from '../../../src/broker/protocol/properties.js';
import { RawClient } from './client.js';
import { type Served, serve } from './serve.js';

let served: Served;
let client: RawClient;

beforeEach(async () => {
  served = await serve();
  client = await RawClient.opened(served.port);
  client.method(1, 'queue.declare', { queue: 'q' });
  await client.next('queue.declare-ok');
});

afterEach(async () => {
  client.socket.destroy();
  await served.listener.close('test is over');
});

const queue = () => served.broker.vhost.queues.get('q')!;

async function settledTurn(): Promise<void> {
  client.method(1, 'basic.qos', {});
  await client.next('basic.qos-ok');
}

describe('a store that is behind', () => {
  test('lets publishers wait, and nobody else', async () => {
    const other = await RawClient.opened(served.port);
    served.broker.flow.set(true);
    client.publish(1, 'q', 'first');
    client.method(1, 'basic.qos', {});
    other.method(1, 'queue.declare', { queue: 'q', passive: true });
    await other.next('queue.declare-ok');
    expect(queue().ready).toHaveLength(0);
    expect(client.names()).toEqual([]);
    expect([...served.broker.connections.values()].map((each) => each.info().state)).toEqual([
      'flow',
      'running',
    ]);
    served.broker.flow.set(false);
    await client.next('basic.qos-ok');
    expect(queue().ready.map(({ message }) => message.body.toString())).toEqual(['first']);
    other.socket.destroy();
  });
});

describe('mandatory', () => {
  test('what has no queue comes back, with its properties and body, before its confirm', async () => {
    client.method(1, 'confirm.select');
    await client.next('confirm.select-ok');
    client.publish(1, 'nowhere', 'hello', { mandatory: true, properties: { messageId: 'm' } });
    await client.next('basic.ack');
    expect(client.names().filter((name) => name.startsWith('basic'))).toEqual(['basic.return on 1']);
    const returned = await client.content('basic.return');
    expect(returned.args).toEqual({
      replyCode: 312,
      replyText: 'NO_ROUTE',
      exchange: '',
      routingKey: 'nowhere',
    });
    expect(returned.body.toString()).toBe('hello');
    expect(property(returned.header.subarray(12), 'messageId')).toBe('m');
  });

  test('what has one does not', async () => {
    client.publish(1, 'q', 'hello', { mandatory: true });
    client.publish(1, 'nowhere', 'not mandatory');
    await settledTurn();
    expect(client.names()).toEqual([]);
  });
});

describe('confirms', () => {
  beforeEach(async () => {
    client.method(1, 'confirm.select');
    await client.next('confirm.select-ok');
  });

  test('wait for the queue, and are gathered', async () => {
    queue().hold = true;
    for (let index = 0; index < 3; index++) client.publish(1, 'q', 'x');
    await settledTurn();
    expect(client.names()).toEqual([]);
    const { held } = queue();
    for (const { confirms, sequence } of held) confirms.release(sequence);
    expect(await client.next('basic.ack')).toMatchObject({ deliveryTag: 3, multiple: true });
  });

  test('a refusal is a nack', async () => {
    queue().hold = true;
    for (let index = 0; index < 2; index++) client.publish(1, 'q', 'x');
    await expect.poll(() => queue().held.length).toBe(2);
    const [first, second] = queue().held;
    second!.confirms.refuse(second!.sequence);
    expect(await client.next('basic.nack')).toMatchObject({ deliveryTag: 2, multiple: false });
    first!.confirms.release(first!.sequence);
    expect(await client.next('basic.ack')).toMatchObject({ deliveryTag: 1, multiple: false });
  });
});

describe('transactions', () => {
  beforeEach(async () => {
    client.method(1, 'tx.select');
    await client.next('tx.select-ok');
  });

  test('publishes are there after the commit, and only then', async () => {
    client.publish(1, 'q', '1');
    client.publish(1, 'nowhere', '2', { mandatory: true });
    await settledTurn();
    expect(queue().length).toBe(0);
    expect(client.names()).toEqual([]);
    client.method(1, 'tx.commit');
    await client.next('tx.commit-ok');
    expect(client.names()[0]).toBe('basic.return on 1');
    expect(queue().length).toBe(1);
  });

  test('commit-ok waits until every queue has answered', async () => {
    queue().hold = true;
    client.publish(1, 'q', '1');
    client.publish(1, 'q', '2');
    client.method(1, 'tx.commit');
    await expect.poll(() => queue().held.length).toBe(2);
    const [first, second] = queue().held;
    first!.confirms.release(first!.sequence);
    await new Promise(setImmediate);
    expect(client.names()).toEqual([]);
    second!.confirms.release(second!.sequence);
    await client.next('tx.commit-ok');
  });

  test('a refused publish fails the commit', async () => {
    queue().hold = true;
    client.publish(1, 'q', '1');
    client.method(1, 'tx.commit');
    await expect.poll(() => queue().held.length).toBe(1);
    const [held] = queue().held;
    held!.confirms.refuse(held!.sequence);
    expect(await client.next('channel.close')).toMatchObject({
      replyCode: 406,
      replyText: 'PRECONDITION_FAILED - partial tx completion',
    });
  });

  test('rollback forgets publishes and gives acknowledgements back', async () => {
    const other = await RawClient.opened(served.port);
    for (const body of ['a', 'b']) other.publish(1, 'q', body);
    client.method(1, 'basic.consume', { queue: 'q' });
    await client.content('basic.deliver');
    await client.content('basic.deliver');
    client.method(1, 'basic.ack', { deliveryTag: 1 });
    client.publish(1, 'q', 'forgotten');
    client.method(1, 'tx.rollback');
    await client.next('tx.rollback-ok');
    client.method(1, 'basic.ack', { deliveryTag: 2, multiple: true });
    client.method(1, 'tx.commit');
    await client.next('tx.commit-ok');
    expect([...queue().unacked.values()].map((map) => map.size)).toEqual([0]);
    expect(queue().length).toBe(0);
    other.socket.destroy();
  });

  test('a channel that goes before the commit requeues what it had acknowledged', async () => {
    const other = await RawClient.opened(served.port);
    other.publish(1, 'q', 'a');
    client.method(1, 'basic.get', { queue: 'q' });
    await expect
      .poll(async () => {
        const got = client.received.some(({ method }) => method === 'basic.get-ok');
        if (!got) client.method(1, 'basic.get', { queue: 'q' });
        return got;
      })
      .toBe(true);
    client.method(1, 'basic.ack', { deliveryTag: 1 });
    client.method(1, 'channel.close', {});
    await client.next('channel.close-ok');
    expect(queue().settled).toEqual(['requeue 0']);
    other.socket.destroy();
  });
});

describe('alarms', () => {
  const block = (reason: string | null) => {
    for (const connection of served.broker.connections.values()) connection.block(reason);
  };

  test('who publishes is told once and not read until it is over; who does not is left alone', async () => {
    const reader = await RawClient.opened(served.port);
    block('low on memory');
    reader.method(1, 'basic.qos', {});
    await reader.next('basic.qos-ok');
    client.publish(1, 'q', 'held');
    client.publish(1, 'q', 'held too');
    expect(await client.next('connection.blocked')).toMatchObject({ reason: 'low on memory' });
    client.method(1, 'basic.qos', {});
    reader.method(1, 'queue.declare', { queue: 'q', passive: true });
    expect((await reader.next('queue.declare-ok')).messageCount).toBe(0);
    expect(client.names()).toEqual([]);
    const states = [...served.broker.connections.values()].map((each) => each.info().state);
    expect(states).toEqual(['blocked', 'blocking']);
    block(null);
    await client.next('basic.qos-ok');
    expect(client.names()).toEqual(['connection.unblocked on 0']);
    expect(queue().length).toBe(2);
    expect(reader.names()).toEqual([]);
    reader.socket.destroy();
  });

  test('a blocked connection can still be closed', async () => {
    block('low on disk');
    client.publish(1, 'q', 'held');
    await client.next('connection.blocked');
    for (const connection of served.broker.connections.values()) connection.close('enough');
    await client.next('connection.close');
    client.method(0, 'connection.close-ok');
    await client.end();
  });
});

describe('direct reply-to', () => {
  async function requester() {
    client.method(1, 'basic.consume', {
      queue: 'amq.rabbitmq.reply-to',
      consumerTag: 'replies',
      noAck: true,
    });
    await client.next('basic.consume-ok');
    client.publish(1, 'q', 'question', { properties: { replyTo: 'amq.rabbitmq.reply-to', messageId: 'm' } });
    client.method(1, 'basic.get', { queue: 'q', noAck: true });
    const question = await client.content('basic.get-ok');
    expect(property(question.header.subarray(12), 'messageId')).toBe('m');
    return property(question.header.subarray(12), 'replyTo')!;
  }

  test('a reply goes to the consumer, without a queue', async () => {
    const address = await requester();
    expect(address).toMatch(/^amq\.rabbitmq\.reply-to\.[\w-]+\.[\w-]+$/);
    const server = await RawClient.opened(served.port);
    server.method(1, 'queue.declare', { queue: address, passive: true });
    expect(await server.next('queue.declare-ok')).toMatchObject({ queue: address, consumerCount: 1 });
    server.publish(1, address, 'answer');
    const answer = await client.content('basic.deliver');
    expect(answer.body.toString()).toBe('answer');
    expect(answer.args).toMatchObject({ consumerTag: 'replies', routingKey: address, redelivered: false });
    server.socket.destroy();
  });

  test('one that comes too late is dropped', async () => {
    const address = await requester();
    client.method(1, 'basic.cancel', { consumerTag: 'replies' });
    await client.next('basic.cancel-ok');
    client.publish(1, address, 'late');
    client.method(1, 'queue.declare', { queue: address, passive: true });
    expect(await client.next('channel.close')).toMatchObject({ replyCode: 404 });
    expect(client.names()).toEqual([]);
  });

  test.each([
    ['acknowledgements', { noAck: false }, 'reply consumer cannot acknowledge'],
    ['a second consumer', { noAck: true }, 'reply consumer already set'],
  ])('refuses %s', async (_what, args, text) => {
    await requester();
    if (!args.noAck) {
      await client.open(2);
      client.method(2, 'basic.consume', { queue: 'amq.rabbitmq.reply-to', ...args });
    } else client.method(1, 'basic.consume', { queue: 'amq.rabbitmq.reply-to', ...args });
    expect(await client.next('channel.close')).toMatchObject({
      replyCode: 406,
      replyText: `PRECONDITION_FAILED - ${text}`,
    });
  });
});
