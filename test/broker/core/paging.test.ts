import { beforeEach, describe, expect, it } from 'vitest';
import type { Message, QueueEntry } from '../../../src/broker/core/message.js';
import { tableOf } from '../../../src/broker/core/plain-table.js';
import type { QueueStore } from '../../../src/broker/core/ports.js';
import { LocalQueue } from '../../../src/broker/core/queue/local-queue.js';
import type { PagingRoom } from '../../../src/broker/core/queue/paging.js';
import { queueSettings } from '../../../src/broker/core/queue/queue-settings.js';
import { MemoryStore } from './memory-store.js';
import { RecordingConsumer } from './recording-consumer.js';
import { roomy } from './roomy.js';
import { messageOf, NODE } from './test-broker.js';
import { VirtualClock } from './virtual-clock.js';

const NONE: PagingRoom = { kept: 0, transient: 0 };
const ROOMY: PagingRoom = { kept: 1e9, transient: 1e9 };

let store: MemoryStore;
let clock: VirtualClock;
let buried: string[];
beforeEach(() => {
  store = new MemoryStore();
  clock = new VirtualClock();
  buried = [];
});

function newQueue(
  args: Record<string, unknown> = {},
  room = NONE,
  part: QueueStore = store.queue('id'),
): LocalQueue {
  const row = {
    vhost: '/',
    name: 'q',
    id: 'id',
    type: 'classic' as const,
    durable: true,
    autoDelete: false,
    exclusiveOwner: null,
    arguments: tableOf(args),
    leader: NODE,
    mirrors: [],
    syncedMirrors: [],
    recoverableMirrors: [],
  };
  return new LocalQueue(row, queueSettings(row.arguments, {}), part, {
    node: NODE,
    clock,
    paging: roomy(room, clock),
    deadLetter: (_queue: LocalQueue, message: Message, reason: string) => {
      buried.push(`${reason} ${message.body.toString()}`);
    },
    remove: () => {},
    ended: () => {},
    policyOf: () => ({ policy: null, operatorPolicy: null, definition: {} }),
    replicator: () => {
      throw new Error('no mirrors here');
    },
  });
}

const count = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const texts = (from: number, to: number) => count(from, to).map(String);

async function publish(queue: LocalQueue, from: number, to: number, persistent = true): Promise<void> {
  const properties = { deliveryMode: persistent ? 2 : 1 };
  for (const body of texts(from, to)) queue.publish(messageOf('', 'q', { body, properties }), null, 0);
  await turns();
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

async function drained(queue: LocalQueue): Promise<string[]> {
  const bodies: string[] = [];
  const getter = new RecordingConsumer({ noAck: true });
  for (let got = await queue.get(getter); got !== null; got = await queue.get(getter)) {
    bodies.push(got.message.body.toString());
  }
  return bodies;
}

describe('a long queue without room in memory', () => {
  for (const persistent of [true, false]) {
    it(`pages ${persistent ? 'persistent' : 'transient'} messages out and gives them in order`, async () => {
      const queue = newQueue();
      await publish(queue, 1, 10_000, persistent);
      const info = queue.infoNow();
      expect(info).toMatchObject({ messages_ready: 10_000, messages_persistent: persistent ? 10_000 : 0 });
      expect(info.messages_ram).toBeLessThan(3000);
      expect(info.messages_paged_out).toBe(10_000 - Number(info.messages_ram));
      const consumer = new RecordingConsumer({ prefetch: 300 });
      await queue.consume(consumer);
      for (let done = 0; done < 10_000; done++) {
        await until(() => consumer.received.length > done);
        consumer.acknowledge(String(done + 1));
      }
      expect(consumer.bodies).toEqual(texts(1, 10_000));
      expect(queue.infoNow()).toMatchObject({ messages: 0, messages_persistent: 0, message_bytes: 0 });
      expect(store.kept.get('id')?.size).toBe(0);
    });
  }

  it('puts what comes back in its place, many at a time', async () => {
    const queue = newQueue();
    await publish(queue, 1, 12_000);
    const consumer = new RecordingConsumer();
    await queue.consume(consumer);
    await until(() => consumer.received.length === 12_000);
    await queue.cancel(consumer);
    for (const { body } of consumer.received.filter((_, i) => i % 2 === 0)) consumer.requeue(body);
    for (const { body } of consumer.received.filter((_, i) => i % 2 === 1)) consumer.requeue(body);
    await turns();
    expect(queue.infoNow().messages_ram).toBeLessThan(10_000);
    await publish(queue, 12_001, 12_100);
    expect(await drained(queue)).toEqual(texts(1, 12_100));
  });

  it('is purged with some of it in the hands of consumers', async () => {
    const queue = newQueue();
    await publish(queue, 1, 5000);
    const consumer = new RecordingConsumer({ prefetch: 3 });
    await queue.consume(consumer);
    await until(() => consumer.received.length === 3);
    expect(await queue.purge()).toBe(4997);
    await turns();
    expect(queue.infoNow()).toMatchObject({ messages: 3, messages_persistent: 3, messages_ready: 0 });
    expect([...(store.kept.get('id')?.keys() ?? [])]).toEqual([1, 2, 3]);
  });

  it('drops its head when it is too long, to where dead letters go', async () => {
    const queue = newQueue({ 'x-max-length': 4000, 'x-dead-letter-exchange': 'dlx' });
    await publish(queue, 1, 6000);
    await until(() => queue.lengths().ready === 4000);
    expect(buried).toEqual(texts(1, 2000).map((body) => `maxlen ${body}`));
    expect(await drained(queue)).toEqual(texts(2001, 6000));
  });

  it('lets messages expire that are paged out', async () => {
    const queue = newQueue({ 'x-message-ttl': 1000, 'x-dead-letter-exchange': 'dlx' });
    await publish(queue, 1, 3000);
    clock.advance(999);
    await turns();
    expect(queue.lengths().ready).toBe(3000);
    clock.advance(1);
    await until(() => queue.lengths().ready === 0);
    expect(buried).toEqual(texts(1, 3000).map((body) => `expired ${body}`));
  });

  it('serves who asks for single messages at the same time in turn', async () => {
    const queue = newQueue();
    await publish(queue, 1, 2000, false);
    const getter = new RecordingConsumer({ noAck: true });
    const answers = await Promise.all(count(1, 2001).map(() => queue.get(getter)));
    expect(answers.map((answer) => answer?.message.body.toString() ?? 'none')).toEqual([
      ...texts(1, 2000),
      'none',
    ]);
  });

  it('goes on behind messages that cannot be read any more', async () => {
    const queue = newQueue();
    await publish(queue, 1, 5000);
    for (const position of count(1500, 2600)) store.kept.get('id')?.delete(position);
    expect(await drained(queue)).toEqual([...texts(1, 1499), ...texts(2601, 5000)]);
    expect(queue.infoNow()).toMatchObject({ messages: 0, messages_persistent: 0, message_bytes: 0 });
  });

  it('tries again when reading fails', async () => {
    const part = store.queue('id');
    let failures = 2;
    const queue = newQueue({}, NONE, {
      ...part,
      load: async (positions) => {
        if (failures-- > 0) throw new Error('EIO');
        return part.load(positions);
      },
    });
    await publish(queue, 1, 3000);
    const all = drained(queue);
    for (let again = 0; again < 4; again++) {
      await turns();
      clock.advance(1000);
    }
    expect(await all).toEqual(texts(1, 3000));
  });

  it('keeps what cannot be written in memory', async () => {
    const part = store.queue('id');
    const queue = newQueue({}, NONE, { ...part, page: () => Promise.reject(new Error('ENOSPC')) });
    await publish(queue, 1, 3000, false);
    expect(queue.infoNow().messages_ram).toBe(3000);
    expect(await drained(queue)).toEqual(texts(1, 3000));
  });
});

describe('what is paged out', () => {
  it('is nothing while there is room, unless the queue is lazy', async () => {
    const queue = newQueue({}, ROOMY);
    const lazy = newQueue({ 'x-queue-mode': 'lazy' }, ROOMY, store.queue('lazy'));
    await publish(queue, 1, 5000, false);
    await publish(lazy, 1, 5000, false);
    expect(queue.infoNow().messages_paged_out).toBe(0);
    expect(lazy.infoNow().messages_paged_out).toBeGreaterThan(3000);
    expect(await drained(lazy)).toEqual(texts(1, 5000));
  });

  it('is, of many short queues, the most of all: the room is for all of them', async () => {
    const paging = roomy({ kept: 100_000, transient: 100_000 }, clock);
    const parts = count(1, 100).map((n) => store.queue(`id${n}`));
    const queues = parts.map((part) => {
      const queue = newQueue({}, ROOMY, part);
      return new LocalQueue(queue.row, queue.settings, part, {
        node: NODE,
        clock,
        paging,
        deadLetter: () => {},
        remove: () => {},
        ended: () => {},
        policyOf: () => ({ policy: null, operatorPolicy: null, definition: {} }),
        replicator: () => {
          throw new Error('no mirrors here');
        },
      });
    });
    for (const queue of queues) await publish(queue, 1, 20, false);
    expect(paging.resident).toBeGreaterThan(1_000_000);
    clock.advance(500);
    await turns();
    expect(paging.resident).toBeLessThan(100_000);
    for (const queue of queues) expect(await drained(queue)).toEqual(texts(1, 20));
    expect(paging.resident).toBe(0);
  });

  it('is almost everything when the memory of the node is short', async () => {
    const paging = roomy(ROOMY, clock);
    const resident = { bytes: 100_000_000, paged: 0 };
    const queue = {
      get resident() {
        return resident.bytes;
      },
      pageAll: () => {
        resident.paged++;
      },
    };
    paging.grew(queue, resident.bytes);
    expect(paging.over(false)).toBe(false);
    paging.press(true);
    expect(paging.over(false)).toBe(true);
    expect(resident.paged).toBe(1);
    paging.press(false);
    expect(paging.over(false)).toBe(false);
  });
});

describe('unacknowledged messages without room in memory', () => {
  /** Everything given to one consumer, and only a few of them left in memory. */
  async function given(args: Record<string, unknown> = {}, persistent = true) {
    const queue = newQueue(args);
    const consumer = new RecordingConsumer();
    await queue.consume(consumer);
    await publish(queue, 1, 5000, persistent);
    await until(() => consumer.received.length === 5000);
    await turns();
    expect(queue.infoNow()).toMatchObject({ messages_unacknowledged: 5000, messages_ready: 0 });
    expect(queue.infoNow().messages_unacknowledged_ram).toBeLessThan(1000);
    expect(queue.infoNow().message_bytes_unacknowledged).toBe(texts(1, 5000).join('').length);
    return { queue, consumer };
  }

  for (const persistent of [true, false]) {
    it(`come back in order, marked as redelivered, ${persistent ? 'persistent' : 'transient'}`, async () => {
      const { queue, consumer } = await given({}, persistent);
      await queue.cancel(consumer);
      for (const body of texts(1, 1000)) consumer.acknowledge(body);
      for (const body of texts(1001, 3000)) consumer.requeue(body);
      await publish(queue, 5001, 5100, persistent);
      for (const body of texts(3001, 5000).reverse()) consumer.requeue(body);
      const next = new RecordingConsumer();
      await queue.consume(next);
      await until(() => next.received.length === 4100);
      expect(next.bodies).toEqual(texts(1001, 5100));
      expect(next.received.map(({ redelivered }) => redelivered)).toEqual(
        count(1001, 5100).map((number) => number <= 5000),
      );
    });
  }

  it('are given again to the consumer that returns one', async () => {
    const { consumer } = await given();
    consumer.requeue('4900');
    await until(() => consumer.received.length === 5001);
    expect(consumer.received.at(-1)).toMatchObject({ body: '4900', redelivered: true });
  });

  it('are dead-lettered in order, and leave nothing behind', async () => {
    const { queue, consumer } = await given({ 'x-dead-letter-exchange': 'dlx' });
    for (const body of texts(1, 4000)) consumer.reject(body);
    await until(() => buried.length === 4000);
    expect(buried).toEqual(texts(1, 4000).map((body) => `rejected ${body}`));
    for (const body of texts(4001, 5000)) consumer.acknowledge(body);
    expect(queue.infoNow()).toMatchObject({ messages: 0, messages_persistent: 0 });
    expect(store.kept.get('id')?.size).toBe(0);
  });

  it('come back by their priority', async () => {
    const { queue, consumer } = await given({ 'x-max-priority': 3 });
    await queue.cancel(consumer);
    const urgent = { deliveryMode: 2, priority: 3 };
    queue.publish(messageOf('', 'q', { body: 'urgent', properties: urgent }), null, 0);
    for (const body of texts(1, 5000)) consumer.requeue(body);
    expect(await drained(queue)).toEqual(['urgent', ...texts(1, 5000)]);
  });
});

describe('a restart', () => {
  it('reads nothing before it is asked for, and goes on in order', async () => {
    const before = newQueue({}, ROOMY);
    await publish(before, 1, 5000);
    const part = store.queue('id');
    let read = 0;
    const queue = newQueue({}, ROOMY, {
      ...part,
      load: (positions) => {
        read += positions.length;
        return part.load(positions);
      },
    });
    await queue.recover();
    await publish(queue, 5001, 5100);
    expect(read).toBe(0);
    expect(queue.infoNow()).toMatchObject({
      messages_ready: 5100,
      messages_persistent: 5100,
      messages_ram: 100,
    });
    expect(await drained(queue)).toEqual(texts(1, 5100));
  });

  it('puts priorities where they belong', async () => {
    const args = { 'x-max-priority': 3 };
    const before = newQueue(args, ROOMY);
    for (const n of count(1, 2000)) {
      const properties = { deliveryMode: 2, priority: n % 4 };
      before.publish(messageOf('', 'q', { body: `${n % 4}`, properties }), null, 0);
    }
    const queue = newQueue(args);
    await queue.recover();
    const bodies = await drained(queue);
    expect(bodies).toEqual([...bodies].sort().reverse());
    expect(bodies).toHaveLength(2000);
  });

  it('mixes in what a mirror had in memory', async () => {
    const before = newQueue({}, ROOMY);
    await publish(before, 1, 1000);
    for (const position of [3, 4, 999]) store.kept.get('id')?.delete(position);
    const inMemory: QueueEntry[] = [3, 4, 999, 1001].map((position) => ({
      position,
      message: messageOf('', 'q', { body: String(position) }),
      expiresAt: Number.POSITIVE_INFINITY,
      redelivered: position === 4,
    }));
    const queue = newQueue();
    await queue.recover(inMemory);
    expect(await drained(queue)).toEqual(texts(1, 1001));
  });
});
