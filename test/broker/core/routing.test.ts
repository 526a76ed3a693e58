import { describe, expect, it } from 'vitest';
import { tableOf } from '../../../src/broker/core/plain-table.js';
import { property } from '../../../src/broker/protocol/properties.js';
import { RecordingConsumer } from './recording-consumer.js';
import { messageOf, startBroker, type TestBroker } from './test-broker.js';

async function bindExchange(on: TestBroker, source: string, destination: string, key = ''): Promise<void> {
  const binding = {
    source,
    destination,
    destinationKind: 'exchange' as const,
    routingKey: key,
    arguments: [],
  };
  await on.vhost.bind(binding, on.by);
}

describe('routing', () => {
  it('follows exchanges bound to exchanges, round in circles too, and gives each queue one copy', async () => {
    const on = await startBroker();
    await on.exchange('a', 'fanout');
    await on.exchange('b', 'direct');
    await on.queue('q1');
    await on.queue('q2');
    await bindExchange(on, 'a', 'b');
    await bindExchange(on, 'b', 'a', 'k');
    await on.bind('a', 'q1');
    await on.bind('b', 'q1', 'k');
    await on.bind('b', 'q2', 'k');
    expect(on.publish('a', 'k').sort()).toEqual(['q1', 'q2']);
    expect(on.publish('b', 'k').sort()).toEqual(['q1', 'q2']);
    expect(on.publish('b', 'other')).toEqual([]);
  });

  it('hands what no binding wants to the alternate exchange, through chains, once round a cycle', async () => {
    const on = await startBroker();
    for (const [name, next] of Object.entries({ a: 'b', b: 'c', c: 'a' })) {
      await on.exchange(name, 'direct', { arguments: { 'alternate-exchange': next } });
    }
    await on.queue('q');
    expect(on.publish('a', 'k')).toEqual([]);
    await on.bind('c', 'q', 'k');
    expect(on.publish('a', 'k')).toEqual(['q']);
    await on.bind('a', 'q', 'k');
    expect(on.publish('a', 'k')).toEqual(['q']);
  });

  it('does not take the default exchange as an alternate', async () => {
    const on = await startBroker();
    await on.exchange('a', 'direct', { arguments: { 'alternate-exchange': '' } });
    await on.queue('q');
    expect(on.publish('a', 'q')).toEqual([]);
  });

  it('takes the alternate exchange of a policy', async () => {
    const on = await startBroker();
    await on.exchange('a', 'direct');
    await on.queue('q');
    await on.bind('amq.fanout', 'q');
    const policy = { vhost: '/', name: 'p', pattern: '^a$', applyTo: 'exchanges' as const, priority: 0 };
    expect(on.publish('a', 'k')).toEqual([]);
    await on.broker.submit('policy.set', { ...policy, definition: { 'alternate-exchange': 'amq.fanout' } });
    expect(on.publish('a', 'k')).toEqual(['q']);
  });

  it('forgets kept answers when bindings and queues change', async () => {
    const on = await startBroker();
    await on.queue('q');
    expect(on.publish('amq.topic', 'a.b')).toEqual([]);
    await on.bind('amq.topic', 'q', 'a.*');
    expect(on.publish('amq.topic', 'a.b')).toEqual(['q']);
    expect(on.publish('amq.topic', 'a.b')).toEqual(['q']);
    await on.vhost.deleteQueue('q', false, false, on.by);
    expect(on.publish('amq.topic', 'a.b')).toEqual([]);
    expect(on.publish('', 'q')).toEqual([]);
  });

  it('looks at the headers of every message behind a headers exchange', async () => {
    const on = await startBroker();
    await on.queue('q');
    await bindExchange(on, 'amq.fanout', 'amq.headers');
    await on.bind('amq.headers', 'q', '', { 'x-match': 'all', a: 1 });
    expect(on.publish('amq.fanout', 'k', { headers: { a: 2 } })).toEqual([]);
    expect(on.publish('amq.fanout', 'k', { headers: { a: 1 } })).toEqual(['q']);
    expect(on.publish('amq.fanout', 'k')).toEqual([]);
  });

  it('sends copies by CC and BCC, and takes BCC off', async () => {
    const on = await startBroker();
    for (const name of ['q', 'cc', 'bcc']) await on.queue(name);
    const headers = { CC: ['cc'], BCC: ['bcc', 'q'], other: 1 };
    expect(on.publish('', 'q', { headers })).toEqual(['q', 'cc', 'bcc']);
    const delivery = await on.vhost.readableQueue('bcc', on.by).get(new RecordingConsumer());
    const left = property(delivery?.message.properties ?? Buffer.alloc(2), 'headers');
    expect(left).toEqual(tableOf({ CC: ['cc'], other: 1 }));
    expect(() => on.publish('', 'q', { headers: { CC: 'x' } })).toThrow(
      'invalid message: {unacceptable_type_in_header,"CC",longstr}',
    );
    expect(() => on.publish('', 'q', { headers: { BCC: true } })).toThrow(
      'invalid message: {unacceptable_type_in_header,"BCC",bool}',
    );
    expect(on.publish('', 'q', { headers: { ACCESS: 'CC' } })).toEqual(['q']);
  });

  it('counts what comes in and goes out', async () => {
    const on = await startBroker();
    await on.queue('q1');
    await on.queue('q2');
    await on.bind('amq.fanout', 'q1');
    await on.bind('amq.fanout', 'q2');
    on.publish('amq.fanout', 'k');
    on.publish('amq.fanout', 'k');
    expect(on.broker.vhost('/')?.exchange('amq.fanout')?.counters).toEqual({ publishIn: 2, publishOut: 4 });
    expect(on.broker.vhost('/')?.counters.publish).toBe(2);
  });
});

describe('tracing', () => {
  it('copies what is published and delivered to amq.rabbitmq.trace, but not that again', async () => {
    const on = await startBroker();
    await on.queue('q');
    await on.queue('trace');
    await on.bind('amq.rabbitmq.trace', 'trace', '#');
    expect(on.vhost.tracer).toBeNull();
    on.broker.vhost('/')?.setTracing(true);
    const channel = { node: 'n', connection: 'a -> b', number: 3, user: 'guest' };
    const message = messageOf('', 'q', {
      body: 'b',
      properties: { priority: 2, messageId: 'm' },
      headers: { h: 1 },
    });
    const queue = on.vhost.readableQueue('q', on.by);
    on.vhost.tracer?.published(message, message.properties, [queue], channel);
    on.vhost.tracer?.delivered(message, queue, true, channel);
    const getter = new RecordingConsumer({ noAck: true });
    const traced = on.vhost.readableQueue('trace', on.by);
    const first = await traced.get(getter);
    expect(first?.message).toMatchObject({ exchange: 'amq.rabbitmq.trace', routingKey: 'publish.' });
    expect(first?.message.body.toString()).toBe('b');
    expect(property(first?.message.properties ?? Buffer.alloc(2), 'headers')?.map(({ key }) => key)).toEqual([
      'exchange_name',
      'routing_keys',
      'properties',
      'node',
      'vhost',
      'connection',
      'channel',
      'user',
      'routed_queues',
    ]);
    const second = await traced.get(getter);
    expect(second?.message.routingKey).toBe('deliver.q');
    on.vhost.tracer?.published(second?.message ?? message, message.properties, [traced], channel);
    expect(await traced.get(getter)).toBeNull();
    on.broker.vhost('/')?.setTracing(false);
    expect(on.vhost.tracer).toBeNull();
  });
});
