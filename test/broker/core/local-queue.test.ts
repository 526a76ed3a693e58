import { describe, expect, it } from 'vitest';
import { property } from '../../../src/broker/protocol/properties.js';
import { RecordingConfirms } from './recording-confirms.js';
import { RecordingConsumer } from './recording-consumer.js';
import { startBroker, type TestBroker } from './test-broker.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));

async function consuming(
  on: TestBroker,
  name: string,
  given: ConstructorParameters<typeof RecordingConsumer>[0] = {},
) {
  const consumer = new RecordingConsumer(given);
  await on.vhost.readableQueue(name, on.by).consume(consumer);
  await settle();
  return consumer;
}

async function drained(on: TestBroker, name: string): Promise<string[]> {
  const getter = new RecordingConsumer({ noAck: true });
  const bodies: string[] = [];
  await settle();
  for (;;) {
    const delivery = await on.vhost.readableQueue(name, on.by).get(getter);
    if (delivery === null) return bodies;
    bodies.push(delivery.message.body.toString());
  }
}

function publishAll(on: TestBroker, name: string, bodies: string): void {
  for (const body of bodies) on.publish('', name, { body });
}

describe('delivery', () => {
  it('goes round the consumers, and past those that are full', async () => {
    const on = await startBroker();
    await on.queue('q');
    const a = await consuming(on, 'q', { prefetch: 2 });
    const b = await consuming(on, 'q', { prefetch: 10 });
    publishAll(on, 'q', '123456');
    expect(a.bodies.join('')).toBe('13');
    expect(b.bodies.join('')).toBe('2456');
    a.acknowledge('1');
    publishAll(on, 'q', '78');
    expect(a.bodies.join('')).toBe('138');
  });

  it('asks lower priorities only when no higher one can take', async () => {
    const on = await startBroker();
    await on.queue('q');
    const low = await consuming(on, 'q', { priority: 1 });
    const high = await consuming(on, 'q', { priority: 5, prefetch: 1 });
    publishAll(on, 'q', '123');
    expect(high.bodies).toEqual(['1']);
    expect(low.bodies).toEqual(['2', '3']);
    high.acknowledge('1');
    publishAll(on, 'q', '4');
    expect(high.bodies).toEqual(['1', '4']);
  });

  it('waits for a consumer that is not ready until it resumes', async () => {
    const on = await startBroker();
    await on.queue('q');
    const consumer = await consuming(on, 'q');
    consumer.ready = false;
    publishAll(on, 'q', 'ab');
    expect(consumer.bodies).toEqual([]);
    consumer.ready = true;
    on.vhost.readableQueue('q', on.by).resume(consumer);
    expect(consumer.bodies).toEqual(['a', 'b']);
  });

  it('puts requeued messages back to their places, marked as redelivered', async () => {
    const on = await startBroker();
    await on.queue('q');
    publishAll(on, 'q', 'abcdef');
    const consumer = await consuming(on, 'q', { prefetch: 4 });
    await on.vhost.readableQueue('q', on.by).cancel(consumer);
    for (const body of ['c', 'a', 'd']) consumer.requeue(body);
    consumer.acknowledge('b');
    const next = await consuming(on, 'q');
    expect(next.bodies.join('')).toBe('acdef');
    expect(next.received.map((each) => each.redelivered)).toEqual([true, true, true, false, false]);
  });

  it('gives all to the single active consumer, and to the next when it goes', async () => {
    const on = await startBroker();
    await on.queue('q', { arguments: { 'x-single-active-consumer': true } });
    const first = await consuming(on, 'q', { tag: 'first' });
    const second = await consuming(on, 'q', { tag: 'second' });
    publishAll(on, 'q', 'ab');
    await on.vhost.readableQueue('q', on.by).cancel(first);
    publishAll(on, 'q', 'c');
    expect([first.bodies, second.bodies]).toEqual([['a', 'b'], ['c']]);
    const info = await on.vhost.readableQueue('q', on.by).info();
    expect(info.single_active_consumer_tag).toBe('second');
  });

  it('lets an exclusive consumer in alone', async () => {
    const on = await startBroker();
    await on.queue('q');
    const first = await consuming(on, 'q', { exclusive: true });
    await expect(consuming(on, 'q')).rejects.toThrow("queue 'q' in vhost '/' in exclusive use");
    await on.vhost.readableQueue('q', on.by).cancel(first);
    await consuming(on, 'q');
    await expect(consuming(on, 'q', { exclusive: true })).rejects.toThrow('in exclusive use');
  });

  it('ignores what is settled twice, or by another consumer', async () => {
    const on = await startBroker();
    await on.queue('q');
    publishAll(on, 'q', 'a');
    const owner = await consuming(on, 'q');
    const stranger = new RecordingConsumer();
    const queue = on.vhost.readableQueue('q', on.by);
    queue.requeue(stranger, owner.received[0]?.position ?? 0);
    expect((await queue.info()).messages_unacknowledged).toBe(1);
    owner.acknowledge('a');
    owner.requeue('a');
    expect(await queue.info()).toMatchObject({ messages: 0, messages_ready: 0 });
  });
});

describe('priorities', () => {
  it('come first, in order within each, capped at the maximum', async () => {
    const on = await startBroker();
    await on.queue('q', { arguments: { 'x-max-priority': 3 } });
    const priorities = { a: 0, b: 2, c: 9, d: 2, e: 3 };
    for (const [body, priority] of Object.entries(priorities)) {
      on.publish('', 'q', { body, properties: { priority } });
    }
    expect((await drained(on, 'q')).join('')).toBe('cebda');
  });
});

describe('limits', () => {
  it('drop the head by length and by bytes, and dead-letter it', async () => {
    const on = await startBroker();
    await on.queue('dead');
    const dead = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' };
    await on.queue('q', { arguments: { 'x-max-length': 2, ...dead } });
    publishAll(on, 'q', 'abcd');
    expect((await drained(on, 'dead')).join('')).toBe('ab');
    expect((await drained(on, 'q')).join('')).toBe('cd');
    await on.queue('bytes', { arguments: { 'x-max-length-bytes': 5 } });
    for (const body of ['aa', 'bb', 'ccc']) on.publish('', 'bytes', { body });
    expect(await drained(on, 'bytes')).toEqual(['bb', 'ccc']);
  });

  it('do not count what is with consumers', async () => {
    const on = await startBroker();
    await on.queue('q', { arguments: { 'x-max-length': 1 } });
    const consumer = await consuming(on, 'q', { prefetch: 1 });
    publishAll(on, 'q', 'abc');
    expect(consumer.bodies).toEqual(['a']);
    expect((await drained(on, 'q')).join('')).toBe('c');
  });

  it('refuse the publish where asked to, dead-lettering it where asked to', async () => {
    const on = await startBroker();
    await on.queue('dead');
    const dead = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' };
    for (const overflow of ['reject-publish', 'reject-publish-dlx']) {
      await on.queue(overflow, { arguments: { 'x-max-length': 1, 'x-overflow': overflow, ...dead } });
      const confirms = new RecordingConfirms();
      on.publish('', overflow, { body: 'kept', confirms, sequence: 1 });
      on.publish('', overflow, { body: overflow, confirms, sequence: 2 });
      expect(confirms.settled).toEqual(['nack 2']);
      expect(await drained(on, overflow)).toEqual(['kept']);
    }
    expect(await drained(on, 'dead')).toEqual(['reject-publish-dlx']);
  });
});

describe('expiry', () => {
  it('takes the lower of the queue and the message, at the head only', async () => {
    const on = await startBroker();
    await on.queue('dead');
    const dead = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' };
    await on.queue('q', { arguments: { 'x-message-ttl': 100, ...dead } });
    on.publish('', 'q', { body: 'a', properties: { expiration: '50' } });
    on.publish('', 'q', { body: 'b', properties: { expiration: '500' } });
    on.publish('', 'q', { body: 'c', properties: { expiration: '10' } });
    on.clock.advance(49);
    expect(await drained(on, 'dead')).toEqual([]);
    on.clock.advance(1);
    expect(await drained(on, 'dead')).toEqual(['a']);
    on.clock.advance(50);
    expect(await drained(on, 'dead')).toEqual(['b', 'c']);
    expect(on.clock.waiting).toBe(0);
  });

  it('comes to a message as soon as it is the head', async () => {
    const on = await startBroker();
    await on.queue('q');
    on.publish('', 'q', { body: 'long', properties: { expiration: '60000' } });
    on.publish('', 'q', { body: 'short', properties: { expiration: '100' } });
    on.clock.advance(400);
    const queue = on.vhost.readableQueue('q', on.by);
    expect((await queue.counts()).messages).toBe(2);
    expect((await queue.get(new RecordingConsumer()))?.remaining).toBe(0);
  });

  it('with TTL 0 keeps only what a consumer takes at once', async () => {
    const on = await startBroker();
    await on.queue('q', { arguments: { 'x-message-ttl': 0 } });
    publishAll(on, 'q', 'a');
    const consumer = await consuming(on, 'q');
    publishAll(on, 'q', 'b');
    expect(consumer.bodies).toEqual(['b']);
  });

  it('drops a message that would come back without having been rejected', async () => {
    const on = await startBroker();
    await on.queue('loop', { arguments: { 'x-dead-letter-exchange': '', 'x-message-ttl': 10 } });
    publishAll(on, 'loop', 'a');
    on.clock.advance(10);
    expect(await drained(on, 'loop')).toEqual([]);
    expect(on.log.filter((line) => line.includes('cycle'))).toHaveLength(1);
    publishAll(on, 'loop', 'b');
    const consumer = await consuming(on, 'loop', { prefetch: 1 });
    consumer.reject('b');
    expect(consumer.bodies).toEqual(['b', 'b']);
    const headers = property(consumer.received[1]?.message.properties ?? Buffer.alloc(2), 'headers');
    expect(headers?.map(({ key }) => key)).toContain('x-death');
  });

  it('deletes a queue that nobody uses, later when somebody does', async () => {
    const on = await startBroker();
    await on.queue('q', { arguments: { 'x-expires': 100 } });
    on.clock.advance(60);
    await on.vhost.readableQueue('q', on.by).get(new RecordingConsumer());
    on.clock.advance(60);
    const consumer = await consuming(on, 'q');
    on.clock.advance(1000);
    await on.vhost.readableQueue('q', on.by).cancel(consumer);
    on.clock.advance(60);
    await on.queue('q', { arguments: { 'x-expires': 100 } });
    on.clock.advance(99);
    expect(on.broker.vhost('/')?.queue('q')).toBeDefined();
    on.clock.advance(1);
    await settle();
    expect(on.broker.vhost('/')?.queue('q')).toBeUndefined();
  });
});

describe('policies', () => {
  const policy = { vhost: '/', name: 'p', pattern: '^q', applyTo: 'queues' as const, priority: 0 };

  it('apply to queues that are there, and stop applying', async () => {
    const on = await startBroker();
    await on.queue('q1');
    publishAll(on, 'q1', 'abc');
    await on.broker.submit('policy.set', { ...policy, definition: { 'max-length': 1 } });
    expect(await on.vhost.readableQueue('q1', on.by).info()).toMatchObject({ messages: 1, policy: 'p' });
    await on.broker.submit('policy.clear', { vhost: '/', name: 'p' });
    publishAll(on, 'q1', 'de');
    expect((await drained(on, 'q1')).join('')).toBe('cde');
  });

  it('and operator policies: the smaller number wins', async () => {
    const on = await startBroker();
    await on.queue('q', { arguments: { 'x-max-length': 3 } });
    await on.broker.submit('operator_policy.set', { ...policy, definition: { 'max-length': 2 } });
    await on.broker.submit('policy.set', { ...policy, definition: { 'max-length': 4, 'message-ttl': 5 } });
    publishAll(on, 'q', 'abcd');
    const info = await on.vhost.readableQueue('q', on.by).info();
    expect(info).toMatchObject({
      messages: 2,
      operator_policy: 'p',
      effective_policy_definition: { 'max-length': 2, 'message-ttl': 5 },
    });
  });
});

describe('purging and deleting', () => {
  it('purges what is ready and keeps what is with consumers', async () => {
    const on = await startBroker();
    await on.queue('q', { durable: true });
    const consumer = await consuming(on, 'q', { prefetch: 1 });
    for (const body of 'abc') on.publish('', 'q', { body, properties: { deliveryMode: 2 } });
    expect(await on.vhost.purgeQueue('q', on.by)).toBe(2);
    expect(await on.vhost.readableQueue('q', on.by).info()).toMatchObject({
      messages: 1,
      messages_persistent: 1,
    });
    consumer.requeue('a');
    expect(consumer.bodies).toEqual(['a', 'a']);
  });

  it('refuses to delete a queue in use or not empty when asked to', async () => {
    const on = await startBroker();
    await on.queue('q');
    publishAll(on, 'q', 'a');
    await expect(on.vhost.deleteQueue('q', false, true, on.by)).rejects.toThrow(
      "queue 'q' in vhost '/' not empty",
    );
    await consuming(on, 'q', { noAck: true });
    await expect(on.vhost.deleteQueue('q', true, false, on.by)).rejects.toThrow(
      "queue 'q' in vhost '/' in use",
    );
    expect(await on.vhost.deleteQueue('nope', true, true, on.by)).toBe(0);
  });
});
