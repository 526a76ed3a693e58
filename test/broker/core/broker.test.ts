import { describe, expect, it } from 'vitest';
import { RecordingConfirms } from './recording-confirms.js';
import { RecordingConsumer } from './recording-consumer.js';
import { connectionEntry, startBroker } from './test-broker.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a broker alone', () => {
  it('declares, binds, publishes, consumes and acknowledges', async () => {
    const { vhost, by, queue, exchange, bind, publish } = await startBroker();
    await exchange('logs', 'direct');
    await queue('errors');
    await bind('logs', 'errors', 'error');
    expect(publish('logs', 'error', { body: 'one' })).toEqual(['errors']);
    expect(publish('logs', 'info', { body: 'two' })).toEqual([]);
    const consumer = new RecordingConsumer();
    await vhost.readableQueue('errors', by).consume(consumer);
    await settle();
    expect(consumer.bodies).toEqual(['one']);
    expect(await vhost.readableQueue('errors', by).counts()).toEqual({ messages: 0, consumers: 1 });
    consumer.acknowledge('one');
    await vhost.readableQueue('errors', by).cancel(consumer);
    expect(await vhost.readableQueue('errors', by).counts()).toEqual({ messages: 0, consumers: 0 });
  });

  it('gets one message at a time, with what remains', async () => {
    const { vhost, by, queue, publish } = await startBroker();
    await queue('q');
    for (const body of ['a', 'b']) expect(publish('', 'q', { body })).toEqual(['q']);
    const getter = new RecordingConsumer();
    const q = vhost.readableQueue('q', by);
    const first = await q.get(getter);
    expect(first).toMatchObject({ redelivered: false, remaining: 1 });
    q.requeue(getter, first?.position ?? 0);
    const again = await q.get(getter);
    expect(again?.message.body.toString()).toBe('a');
    expect(again?.redelivered).toBe(true);
  });

  it('keeps persistent messages of durable queues over a restart', async () => {
    const first = await startBroker();
    await first.queue('d', { durable: true });
    const confirms = new RecordingConfirms();
    const persistent = { deliveryMode: 2 };
    first.publish('', 'd', { body: 'kept', properties: persistent, confirms, sequence: 1 });
    first.publish('', 'd', { body: 'lost', confirms, sequence: 2 });
    expect(confirms.settled).toEqual([]);
    first.store.sync();
    expect(confirms.settled).toEqual(['ack 1']);
    const id = first.broker.tables.get('queues', '/\0d')?.id ?? '';
    expect(first.store.queue(id).stored().positions).toHaveLength(1);
  });

  it('never writes a message that is acknowledged before the sync', async () => {
    const { vhost, by, queue, publish, store } = await startBroker();
    await queue('d', { durable: true });
    const consumer = new RecordingConsumer();
    await vhost.readableQueue('d', by).consume(consumer);
    const confirms = new RecordingConfirms();
    publish('', 'd', { body: 'x', properties: { deliveryMode: 2 }, confirms, sequence: 1 });
    consumer.acknowledge('x');
    store.sync();
    expect(store.written).toBe(0);
    expect(confirms.settled).toEqual(['ack 1']);
  });

  it('deletes exclusive queues with their connection, and refuses them to others', async () => {
    const { broker, vhost, by, queue } = await startBroker();
    const connection = connectionEntry(by.connection);
    broker.register(connection);
    await queue('mine', { exclusive: true });
    expect(() => vhost.readableQueue('mine', { ...by, connection: 'other' })).toThrow(
      "cannot obtain exclusive access to locked queue 'mine' in vhost '/'",
    );
    await broker.unregister(connection);
    expect(() => vhost.readableQueue('mine', by)).toThrow("no queue 'mine' in vhost '/'");
  });

  it('deletes an auto-delete queue with its last consumer, and its auto-delete exchange in turn', async () => {
    const { broker, vhost, by, queue, exchange, bind } = await startBroker();
    await exchange('e', 'fanout', { autoDelete: true });
    await queue('q', { autoDelete: true });
    await bind('e', 'q');
    const consumer = new RecordingConsumer();
    await vhost.readableQueue('q', by).consume(consumer);
    await vhost.readableQueue('q', by).cancel(consumer);
    await settle();
    expect(broker.vhost('/')?.queue('q')).toBeUndefined();
    expect(broker.vhost('/')?.exchange('e')).toBeUndefined();
  });

  it('tells consumers that their queue was deleted', async () => {
    const { vhost, by, queue, publish } = await startBroker();
    await queue('q');
    const consumer = new RecordingConsumer();
    await vhost.readableQueue('q', by).consume(consumer);
    publish('', 'q', { body: 'unacknowledged' });
    expect(await vhost.deleteQueue('q', false, false, by)).toBe(0);
    expect(consumer.isCancelled).toBe(true);
    expect(publish('', 'q')).toEqual([]);
  });

  it('blocks every connection while an alarm is set, once per change', async () => {
    const { broker } = await startBroker();
    const early = connectionEntry('early');
    broker.register(early);
    broker.alarms.set({ node: 'a', resource: 'memory' });
    const late = connectionEntry('late');
    broker.register(late);
    broker.alarms.set({ node: 'b', resource: 'memory' });
    broker.alarms.set({ node: 'b', resource: 'disk' });
    broker.alarms.clearNode('b');
    broker.alarms.clear({ node: 'a', resource: 'memory' });
    expect(early.blocked).toEqual(['low on memory', 'low on memory & disk', 'low on memory', null]);
    expect(late.blocked).toEqual(['low on memory', 'low on memory & disk', 'low on memory', null]);
  });
});

describe('logging in', () => {
  it('checks the password and keeps guest to loopback', async () => {
    const { broker } = await startBroker();
    const guest = {
      mechanism: 'PLAIN',
      user: 'guest',
      password: 'guest',
      peer: '127.0.0.1',
      protocol: 'amqp091' as const,
    };
    expect(broker.authenticate(guest)).toEqual({ user: 'guest', tags: ['administrator'] });
    for (const wrong of [{ password: 'x' }, { password: '' }, { user: 'nobody' }, { peer: '10.0.0.1' }]) {
      expect(() => broker.authenticate({ ...guest, ...wrong })).toThrow(
        'Login was refused using authentication',
      );
    }
    expect(broker.logins.amqp091).toEqual({ succeeded: 1, failed: 4 });
  });

  it('refuses a vhost that is not there or not allowed', async () => {
    const { broker } = await startBroker();
    const principal = { user: 'guest', tags: [] };
    expect(() => broker.openVhost('nope', principal)).toThrow('vhost nope not found');
    await broker.submit('vhost.put', { name: 'other' });
    expect(() => broker.openVhost('other', principal)).toThrow(
      "access to vhost 'other' refused for user 'guest'",
    );
  });
});
