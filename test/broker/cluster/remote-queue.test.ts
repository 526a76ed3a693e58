import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type BrokerNode,
  Brokers,
  declare,
  getAll,
  message,
  Outcomes,
  queueOn,
  TestConsumer,
} from './brokers.js';
import { eventually } from './nodes.js';

let nodes: Brokers;
let a: BrokerNode;
let b: BrokerNode;
let c: BrokerNode;
beforeEach(async () => {
  nodes = new Brokers();
  [a, b, c] = await nodes.three();
});
afterEach(() => nodes.close());

describe('a queue led elsewhere', () => {
  it('takes publishes in order and confirms them', async () => {
    await declare(a, 'q');
    const outcomes = new Outcomes();
    const bodies = Array.from({ length: 500 }, (_, i) => `${i}:${'x'.repeat((i * 131) % 40_000)}`);
    for (const body of bodies) outcomes.publish(queueOn(b, 'q'), message(body));
    await eventually(
      () => outcomes.open,
      (open) => open === 0,
    );
    expect(outcomes.confirmed.size).toBe(500);
    expect(await queueOn(c, 'q').counts()).toEqual({ messages: 500, consumers: 0 });
    expect(await getAll(queueOn(c, 'q'), 'c@vm')).toEqual(bodies);
  });

  it('refuses what the queue refuses', async () => {
    await declare(a, 'q', {
      arguments: [
        { key: 'x-max-length', type: 'I', value: 2 },
        { key: 'x-overflow', type: 'S', value: 'reject-publish' },
      ],
    });
    const outcomes = new Outcomes();
    for (let i = 0; i < 4; i++) outcomes.publish(queueOn(b, 'q'), message(`${i}`));
    await eventually(
      () => outcomes.open,
      (open) => open === 0,
    );
    expect([...outcomes.confirmed]).toEqual([1, 2]);
    expect([...outcomes.nacked]).toEqual([3, 4]);
  });

  it('delivers to consumers on several nodes, each message once', async () => {
    await declare(a, 'q');
    const consumers = [b, c, a].map((node) => ({ node, consumer: new TestConsumer(node.name, false, 20) }));
    for (const { node, consumer } of consumers) {
      consumer.onDelivery = ({ queue, position }) =>
        setImmediate(() => queue.acknowledge(consumer, position));
      await queueOn(node, 'q').consume(consumer);
    }
    for (let i = 0; i < 3000; i++) queueOn(c, 'q').publish(message(`${i}`), null, 0);
    const all = () => consumers.flatMap(({ consumer }) => consumer.got.map(({ body }) => Number(body)));
    await eventually(all, (got) => got.length >= 3000);
    expect(all().sort((x, y) => x - y)).toEqual(Array.from({ length: 3000 }, (_, i) => i));
    for (const { consumer } of consumers) expect(consumer.got.length).toBeGreaterThan(500);
    const info = await eventually(
      () => queueOn(b, 'q').info(),
      (now) => now.messages === 0,
    );
    expect(info).toMatchObject({ messages: 0, consumers: 3 });
  });

  it('keeps to the prefetch of a consumer', async () => {
    await declare(a, 'q');
    for (let i = 0; i < 10; i++) queueOn(b, 'q').publish(message(`${i}`), null, 0);
    const consumer = new TestConsumer('b@vm', false, 3);
    const queue = queueOn(b, 'q');
    await queue.consume(consumer);
    await eventually(
      () => consumer.got.length,
      (length) => length === 3,
    );
    expect((await queue.info()).messages_unacknowledged).toBe(3);
    expect(await queue.counts()).toEqual({ messages: 7, consumers: 1 });
    queue.acknowledge(consumer, consumer.got[0]?.position as number);
    await eventually(
      () => consumer.got.length,
      (length) => length === 4,
    );
    expect(consumer.got.map(({ body }) => body)).toEqual(['0', '1', '2', '3']);
  });

  it('does not take more than a channel that is full can hold', async () => {
    await declare(a, 'q');
    const full = new TestConsumer('b@vm', false);
    full.ready = false;
    await queueOn(b, 'q').consume(full);
    for (let i = 0; i < 100; i++) queueOn(c, 'q').publish(message(`${i}`), null, 0);
    await eventually(
      () => queueOn(c, 'q').counts(),
      ({ messages }) => messages === 99,
    );
    expect(full.got).toEqual([]);
    const other = new TestConsumer('c@vm', true);
    await queueOn(c, 'q').consume(other);
    await eventually(
      () => other.got.length,
      (length) => length === 99,
    );
    full.ready = true;
    queueOn(b, 'q').resume(full);
    expect(full.got.map(({ body }) => body)).toEqual(['0']);
  });

  it('gets, requeues in place, rejects, and gives back what a node held that died', async () => {
    await declare(a, 'q');
    for (let i = 0; i < 5; i++) queueOn(b, 'q').publish(message(`${i}`), null, 0);
    const queue = queueOn(b, 'q');
    const getters = [0, 1, 2].map(() => new TestConsumer('b@vm', false));
    const got = [];
    for (const getter of getters) got.push(await queue.get(getter));
    expect(got.map((delivery) => delivery?.message.body.toString())).toEqual(['0', '1', '2']);
    expect(got[2]?.remaining).toBe(2);
    queue.requeue(getters[1] as TestConsumer, got[1]?.position as number);
    queue.reject(getters[0] as TestConsumer, got[0]?.position as number);
    const again = await queue.get(getters[1] as TestConsumer);
    expect(again?.message.body.toString()).toBe('1');
    expect(again?.redelivered).toBe(true);
    const consumer = new TestConsumer('b@vm', false, 1);
    await queue.consume(consumer);
    await eventually(
      () => consumer.got.length,
      (length) => length === 1,
    );
    await nodes.kill(b);
    await eventually(
      () => queueOn(a, 'q').counts(),
      ({ messages, consumers }) => messages === 4 && consumers === 0,
    );
    expect(await getAll(queueOn(c, 'q'), 'c@vm')).toEqual(['1', '2', '3', '4']);
  });

  it('cancels: what was under way goes back', async () => {
    await declare(a, 'q');
    const consumer = new TestConsumer('b@vm', false, 10);
    const queue = queueOn(b, 'q');
    await queue.consume(consumer);
    for (let i = 0; i < 50; i++) queue.publish(message(`${i}`), null, 0);
    await queue.cancel(consumer);
    for (const { position } of consumer.got) queue.requeue(consumer, position);
    const counts = await eventually(
      () => queueOn(a, 'q').counts(),
      ({ messages }) => messages === 50,
    );
    expect(counts).toEqual({ messages: 50, consumers: 0 });
    expect(await getAll(queue, 'b@vm')).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`));
  });

  it('passes refusals on, in their own words', async () => {
    await declare(a, 'q');
    await queueOn(c, 'q').consume(new TestConsumer('c@vm', true, 0, { exclusive: true }));
    await expect(queueOn(b, 'q').consume(new TestConsumer('b@vm', true))).rejects.toMatchObject({
      reply: 'ACCESS_REFUSED',
      message: "queue 'q' in vhost '/' in exclusive use",
    });
    expect(await queueOn(b, 'q').purge()).toBe(0);
  });

  it('tells consumers when the queue is deleted', async () => {
    await declare(a, 'q');
    const consumer = new TestConsumer('b@vm', true);
    const queue = queueOn(b, 'q');
    await queue.consume(consumer);
    await c.broker.submit('queue.delete', { vhost: '/', name: 'q', id: null });
    expect(consumer.gone).toBe(true);
    await expect(queue.counts()).rejects.toMatchObject({ reply: 'NOT_FOUND' });
  });

  it('without a mirror, ends with its leader: consumers cancelled, publishes refused, 404', async () => {
    await declare(a, 'q');
    await declare(a, 'transient', { durable: false });
    const consumer = new TestConsumer('b@vm', false);
    const queue = queueOn(b, 'q');
    await queue.consume(consumer);
    const outcomes = new Outcomes();
    outcomes.publish(queue, message('kept'));
    await eventually(
      () => outcomes.open,
      (open) => open === 0,
    );
    const left = await nodes.kill(a);
    for (let i = 0; i < 10; i++) outcomes.publish(queue, message(`${i}`));
    await eventually(
      () => outcomes.open,
      (open) => open === 0,
    );
    expect(outcomes.nacked.size).toBeGreaterThanOrEqual(10);
    await eventually(
      () => consumer.gone,
      (gone) => gone,
    );
    expect(consumer.gone).toBe(true);
    await expect(queue.counts()).rejects.toMatchObject({
      reply: 'NOT_FOUND',
      message: "home node 'a@vm' of durable queue 'q' in vhost '/' is down or inaccessible",
    });
    expect(b.broker.vhost('/')?.queue('transient')).toBeUndefined();
    await nodes.boot('a@vm', left, { messageStore: a.options.messageStore });
    expect(
      await eventually(
        () =>
          queueOn(c, 'q')
            .counts()
            .catch(() => null),
        (counts) => counts !== null,
      ),
    ).toEqual({
      messages: 1,
      consumers: 0,
    });
    outcomes.publish(queue, message('again'));
    await eventually(
      () => queueOn(c, 'q').counts(),
      ({ messages }) => messages === 2,
    );
  });
});
