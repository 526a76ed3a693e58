import { expect, it } from 'vitest';
import type { QueueRow } from '../../../src/broker/core/metadata/rows.js';
import { LocalQueue } from '../../../src/broker/core/queue/local-queue.js';
import { queueSettings } from '../../../src/broker/core/queue/queue-settings.js';
import { decodeProperties } from '../../../src/broker/protocol/properties.js';
import { MemoryStore } from './memory-store.js';
import { RecordingConfirms } from './recording-confirms.js';
import { RecordingConsumer } from './recording-consumer.js';
import { roomy } from './roomy.js';
import { messageOf, NODE } from './test-broker.js';
import { VirtualClock } from './virtual-clock.js';

const row = {
  vhost: '/',
  name: 'q',
  id: 'id',
  type: 'classic' as const,
  durable: true,
  autoDelete: false,
  exclusiveOwner: null,
  arguments: [],
  leader: NODE,
  mirrors: [],
  syncedMirrors: [],
  recoverableMirrors: [],
};

const persistent = (body: string) => messageOf('', 'q', { body, properties: { deliveryMode: 2 } });

function open(store: MemoryStore, type: QueueRow['type'] = 'classic'): LocalQueue {
  return new LocalQueue({ ...row, type }, queueSettings([], {}), store.queue('id'), {
    node: NODE,
    clock: new VirtualClock(),
    paging: roomy(),
    deadLetter: () => {},
    remove: () => {},
    ended: () => {},
    policyOf: () => ({ policy: null, operatorPolicy: null, definition: {} }),
    replicator: () => {
      throw new Error('no mirrors here');
    },
  });
}

it('comes back in order, what was delivered marked so, and goes on counting positions', async () => {
  const store = new MemoryStore();
  const before = open(store);
  await before.consume(new RecordingConsumer({ prefetch: 1 }));
  for (const body of 'abc') before.publish(persistent(body), null, 0);
  store.sync();
  const after = open(store);
  await after.recover();
  after.publish(persistent('d'), null, 0);
  const consumer = new RecordingConsumer();
  await after.consume(consumer);
  await new Promise((resolve) => setImmediate(resolve));
  expect(consumer.received.map(({ body, redelivered }) => [body, redelivered])).toEqual([
    ['a', true],
    ['b', false],
    ['c', false],
    ['d', false],
  ]);
  expect(consumer.received.map(({ position }) => position)).toEqual([1, 2, 3, 4]);
  expect(after.infoNow()).toMatchObject({ messages_persistent: 4, messages_unacknowledged: 4 });
});

it('lets what is published meanwhile wait behind what the store has, unconfirmed', async () => {
  const store = new MemoryStore();
  open(store).publish(persistent('old'), null, 0);
  store.sync();
  const queue = open(store);
  const recovered = queue.recover();
  const confirms = new RecordingConfirms();
  queue.publish(messageOf('', 'q', { body: 'new' }), confirms, 1);
  expect(confirms.settled).toEqual([]);
  await recovered;
  expect(confirms.settled).toEqual(['ack 1']);
  const getter = new RecordingConsumer();
  expect((await queue.get(getter))?.message.body.toString()).toBe('old');
  expect((await queue.get(getter))?.message.body.toString()).toBe('new');
});

it('hands its consumers to the queue that takes its place', async () => {
  const queue = open(new MemoryStore());
  const consumer = new RecordingConsumer();
  await queue.consume(consumer);
  queue.publish(messageOf('', 'q', { body: 'here' }), null, 0);
  const successor = open(new MemoryStore());
  queue.succeededBy(successor);
  await Promise.resolve();
  successor.publish(messageOf('', 'q', { body: 'there' }), null, 0);
  expect(consumer.bodies).toEqual(['here', 'there']);
  consumer.acknowledge('here');
  await queue.cancel(consumer);
  successor.publish(messageOf('', 'q', { body: 'too late' }), null, 0);
  expect(consumer.bodies).toEqual(['here', 'there']);
  expect(successor.infoNow()).toMatchObject({ messages_ready: 1, messages_unacknowledged: 1 });
});

it.each(['quorum', 'stream'] as const)(
  'keeps every message of a %s queue, whatever its delivery mode',
  async (type) => {
    const store = new MemoryStore();
    const transient = messageOf('', 'q', { body: 'a', properties: { deliveryMode: 1 } });
    open(store, type).publish(transient, null, 0);
    store.sync();
    const after = open(store, type);
    await after.recover();
    const consumer = new RecordingConsumer();
    await after.consume(consumer);
    await new Promise((resolve) => setImmediate(resolve));
    expect(consumer.received.map(({ body }) => body)).toEqual(['a']);
    expect(consumer.received.map(({ message }) => decodeProperties(message.properties).deliveryMode)).toEqual(
      [1],
    );
  },
);
