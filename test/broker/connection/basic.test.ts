import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RawClient } from './client.js';
import { ManualClock, type Served, serve } from './serve.js';

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

async function consume(args: { noAck?: boolean; consumerTag?: string } = {}): Promise<void> {
  client.method(1, 'basic.consume', { queue: 'q', ...args });
  await client.next('basic.consume-ok');
}

describe('deliveries', () => {
  test('a message comes back as it was published, whatever repeats', async () => {
    await consume({ consumerTag: 'c', noAck: true });
    const bodies = ['same', 'same', 'same', 'diff', 'another size', '', '', 'x'];
    for (const body of bodies) client.publish(1, 'q', body, { properties: { contentType: 'a/b' } });
    client.publish(1, 'q', 'last', { properties: { appId: 'other' } });
    for (const [index, body] of [...bodies, 'last'].entries()) {
      const delivery = await client.content('basic.deliver');
      expect(delivery.body.toString()).toBe(body);
      expect(delivery.args).toEqual({
        consumerTag: 'c',
        deliveryTag: index + 1,
        redelivered: false,
        exchange: '',
        routingKey: 'q',
      });
      expect(delivery.header.includes(body === 'last' ? 'other' : 'a/b')).toBe(true);
    }
  });

  test('a body larger than frame_max is split, and joined again', async () => {
    const small = await RawClient.opened(served.port, { frameMax: 4096 });
    const body = Buffer.alloc(100_000, 'abcdefg');
    client.publish(1, 'q', body);
    small.method(1, 'basic.get', { queue: 'q', noAck: true });
    const got = await small.content('basic.get-ok');
    expect(got.body.equals(body)).toBe(true);
    small.socket.destroy();
  });

  test('prefetch per consumer holds deliveries back until they are acknowledged', async () => {
    client.method(1, 'basic.qos', { prefetchCount: 2 });
    await client.next('basic.qos-ok');
    for (const body of ['1', '2', '3', '4']) client.publish(1, 'q', body);
    await consume();
    await client.content('basic.deliver');
    const second = await client.content('basic.deliver');
    client.method(1, 'queue.declare', { queue: 'q', passive: true });
    expect((await client.next('queue.declare-ok')).messageCount).toBe(2);
    client.method(1, 'basic.ack', { deliveryTag: second.args.deliveryTag, multiple: true });
    expect((await client.content('basic.deliver')).body.toString()).toBe('3');
    expect((await client.content('basic.deliver')).body.toString()).toBe('4');
  });

  test('prefetch for the whole channel counts all consumers together', async () => {
    client.method(1, 'basic.qos', { prefetchCount: 1, global: true });
    await client.next('basic.qos-ok');
    await consume({ consumerTag: 'a' });
    await consume({ consumerTag: 'b' });
    for (const body of ['1', '2', '3']) client.publish(1, 'q', body);
    expect((await client.content('basic.deliver')).body.toString()).toBe('1');
    client.method(1, 'queue.declare', { queue: 'q', passive: true });
    expect((await client.next('queue.declare-ok')).messageCount).toBe(2);
    client.method(1, 'basic.ack', { deliveryTag: 1 });
    expect((await client.content('basic.deliver')).body.toString()).toBe('2');
  });
});

describe('settling', () => {
  test('out of order, multiple and all at once', async () => {
    await consume();
    for (let index = 1; index <= 8; index++) client.publish(1, 'q', `${index}`);
    for (let index = 1; index <= 8; index++) await client.content('basic.deliver');
    client.method(1, 'basic.ack', { deliveryTag: 5 });
    client.method(1, 'basic.ack', { deliveryTag: 3, multiple: true });
    client.method(1, 'basic.nack', { deliveryTag: 6, multiple: true });
    client.method(1, 'basic.ack', { deliveryTag: 0, multiple: true });
    client.method(1, 'basic.qos', {});
    await client.next('basic.qos-ok');
    const queue = served.broker.vhost.queues.get('q')!;
    expect(queue.settled).toEqual(['reject 3', 'reject 5']);
    expect([...queue.unacked.values()].reduce((sum, map) => sum + map.size, 0)).toBe(0);
  });

  test('an unknown tag settles nothing and closes the channel', async () => {
    await consume();
    client.publish(1, 'q', 'a');
    await client.content('basic.deliver');
    client.method(1, 'basic.ack', { deliveryTag: 2, multiple: true });
    expect(await client.next('channel.close')).toMatchObject({
      replyCode: 406,
      replyText: 'PRECONDITION_FAILED - unknown delivery tag 2',
      classId: 60,
      methodId: 80,
    });
    const queue = served.broker.vhost.queues.get('q')!;
    expect(queue.settled).toEqual(['requeue 0']);
    expect(queue.consumers).toEqual([]);
  });

  test('recover gives everything back, marked as redelivered', async () => {
    await consume();
    client.publish(1, 'q', 'a');
    client.publish(1, 'q', 'b');
    await client.content('basic.deliver');
    await client.content('basic.deliver');
    client.method(1, 'basic.recover', { requeue: true });
    await client.next('basic.recover-ok');
    const again = await client.content('basic.deliver');
    expect(again.body.toString()).toBe('a');
    expect(again.args).toMatchObject({ redelivered: true, deliveryTag: 3 });
  });
});

describe('consumers', () => {
  test('a tag in use is refused with 530, on the connection', async () => {
    await consume({ consumerTag: 'c' });
    client.method(1, 'basic.consume', { queue: 'q', consumerTag: 'c' });
    expect(await client.next('connection.close')).toMatchObject({
      replyCode: 530,
      replyText: "NOT_ALLOWED - attempt to reuse consumer tag 'c'",
    });
  });

  test('a queue that goes tells its consumers', async () => {
    await consume({ consumerTag: 'c' });
    client.method(1, 'queue.delete', { queue: 'q' });
    expect(await client.next('basic.cancel')).toMatchObject({ consumerTag: 'c', nowait: true });
    await client.next('queue.delete-ok');
  });

  test('generated tags are RabbitMQ-like and differ', async () => {
    client.method(1, 'basic.consume', { queue: 'q' });
    client.method(1, 'basic.consume', { queue: 'q' });
    const first = await client.next('basic.consume-ok');
    const second = await client.next('basic.consume-ok');
    expect(first.consumerTag).toMatch(/^amq\.ctag-[\w-]{22}$/);
    expect(second.consumerTag).not.toBe(first.consumerTag);
  });

  test('after cancel-ok nothing is delivered, and what was delivered may still be settled', async () => {
    await consume({ consumerTag: 'c' });
    client.publish(1, 'q', 'a');
    await client.content('basic.deliver');
    client.method(1, 'basic.cancel', { consumerTag: 'c' });
    await client.next('basic.cancel-ok');
    client.publish(1, 'q', 'b');
    client.method(1, 'basic.ack', { deliveryTag: 1 });
    client.method(1, 'basic.get', { queue: 'q' });
    expect((await client.content('basic.get-ok')).body.toString()).toBe('b');
    expect(client.names()).toEqual([]);
  });
});

describe('consumer_timeout', () => {
  test('closes the channel whose oldest delivery has waited that long, and no other', async () => {
    const clock = new ManualClock();
    const limited = await serve({ clock, config: { consumerTimeout: 180_000 } });
    const late = await RawClient.opened(limited.port);
    await late.open(2);
    late.method(1, 'queue.declare', { queue: 'q' });
    await late.next('queue.declare-ok');
    for (const channel of [1, 2]) {
      late.method(channel, 'basic.consume', { queue: 'q' });
      await late.next('basic.consume-ok');
      late.publish(channel, 'q', 'x');
    }
    await late.content('basic.deliver');
    await late.content('basic.deliver');
    for (let minute = 0; minute < 3; minute++) clock.advance(60_000);
    late.method(2, 'basic.ack', { deliveryTag: 1 });
    late.method(2, 'basic.qos', {});
    await late.next('basic.qos-ok');
    expect(late.names()).toEqual([]);
    clock.advance(60_000);
    expect(await late.next('channel.close')).toMatchObject({
      channel: 1,
      replyCode: 406,
      replyText:
        'PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value used: 180000 ms. This timeout value can be configured, see consumers doc guide to learn more',
    });
    late.socket.destroy();
    const closed = limited.listener.close('test is over');
    clock.advance(5000);
    await closed;
  });
});

describe('order', () => {
  test('frames behind a method that takes its time wait, on that channel only', async () => {
    let pass: () => void = () => {};
    served.broker.vhost.gate = new Promise((resolve) => {
      pass = resolve;
    });
    await client.open(2);
    client.method(1, 'queue.declare', { queue: 'slow' });
    client.method(1, 'basic.qos', {});
    client.publish(1, 'slow', 'for it');
    client.method(1, 'basic.get', { queue: 'slow', noAck: true });
    client.method(2, 'basic.qos', {});
    expect((await client.next('basic.qos-ok')).channel).toBe(2);
    expect(client.names()).toEqual([]);
    pass();
    await client.content('basic.get-ok');
    expect(client.names()).toEqual(['queue.declare-ok on 1', 'basic.qos-ok on 1']);
  });

  test('nowait is answered with nothing', async () => {
    client.method(1, 'queue.declare', { queue: 'quiet', nowait: true });
    client.method(1, 'basic.consume', { queue: 'quiet', consumerTag: 'c', nowait: true });
    client.method(1, 'basic.cancel', { consumerTag: 'c', nowait: true });
    client.method(1, 'queue.delete', { queue: 'quiet', nowait: true });
    client.method(1, 'confirm.select', { nowait: true });
    client.method(1, 'basic.qos', {});
    await client.next('basic.qos-ok');
    expect(client.names()).toEqual([]);
  });

  test('names lose their line breaks', async () => {
    client.method(1, 'queue.declare', { queue: 'a\r\nb' });
    expect((await client.next('queue.declare-ok')).queue).toBe('ab');
  });
});
