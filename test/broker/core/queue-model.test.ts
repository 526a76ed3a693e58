import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { tableOf } from '../../../src/broker/core/plain-table.js';
import { LocalQueue } from '../../../src/broker/core/queue/local-queue.js';
import { queueSettings } from '../../../src/broker/core/queue/queue-settings.js';
import { MemoryStore } from './memory-store.js';
import { RecordingConsumer } from './recording-consumer.js';
import { roomy } from './roomy.js';
import { messageOf, NODE } from './test-broker.js';
import { VirtualClock } from './virtual-clock.js';

/**
 * The same steps on a queue and on a model that is nothing but arrays: ready messages sorted by priority and
 * number, and what each consumer has.
 */
class Model {
  ready: { body: string; priority: number }[] = [];
  held = new Map<number, string[]>();
  /** Everything a consumer was ever given, in order. */
  given = new Map<number, string[]>();
  turn: number[] = [];

  constructor(readonly maxLength: number) {}

  sort(): void {
    this.ready.sort((a, b) => b.priority - a.priority || Number(a.body) - Number(b.body));
  }

  room(consumer: number): boolean {
    return (this.held.get(consumer)?.length ?? 0) < PREFETCH;
  }

  /** Consumers wait in `turn`; one that is full steps out and comes back at the end when it has room. */
  run(): void {
    this.sort();
    while (this.ready.length > 0 && this.turn.length > 0) {
      const consumer = this.turn.shift() as number;
      if (!this.room(consumer)) continue;
      const { body } = this.ready.shift() as { body: string };
      this.held.get(consumer)?.push(body);
      this.given.get(consumer)?.push(body);
      this.turn.push(consumer);
    }
  }

  freed(consumer: number): void {
    if (this.held.has(consumer) && !this.turn.includes(consumer) && this.room(consumer))
      this.turn.push(consumer);
  }

  limit(): void {
    this.sort();
    while (this.ready.length > this.maxLength) this.ready.shift();
  }
}

const PREFETCH = 3;

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('publish' as const), n: fc.nat(4) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('acknowledge' as const), n: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('requeue' as const), n: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('consume' as const), n: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), n: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('get' as const), n: fc.constant(0) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('purge' as const), n: fc.constant(0) }) },
);

function newQueue(args: Record<string, unknown>, store = new MemoryStore(), paging = roomy()): LocalQueue {
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
  return new LocalQueue(row, queueSettings(row.arguments, {}), store.queue('id'), {
    node: NODE,
    clock: new VirtualClock(),
    paging,
    deadLetter: () => {},
    remove: () => {},
    ended: () => {},
    policyOf: () => ({ policy: null, operatorPolicy: null, definition: {} }),
    replicator: () => {
      throw new Error('no mirrors here');
    },
  });
}

it('does what the model does, whatever the steps', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.constantFrom(0, 4),
      fc.constantFrom(3, 1000),
      async (steps, maxPriority, maxLength) => {
        const queue = newQueue({
          'x-max-length': maxLength,
          ...(maxPriority > 0 ? { 'x-max-priority': maxPriority } : {}),
        });
        await compare(queue, new Model(maxLength), steps, maxPriority);
      },
    ),
    { numRuns: 300 },
  );
});

it('does the same when whatever waits is paged out after every step, and leaves nothing in the store', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.constantFrom(0, 4),
      fc.constantFrom(3, 1000),
      async (steps, maxPriority, maxLength) => {
        const store = new MemoryStore();
        const paging = roomy({ kept: 0, transient: 0 });
        const args = {
          'x-max-length': maxLength,
          ...(maxPriority > 0 ? { 'x-max-priority': maxPriority } : {}),
        };
        const queue = newQueue(args, store, paging);
        await compare(queue, new Model(maxLength), steps, maxPriority, async () => {
          await turns();
          paging.press(true);
          await turns();
          const { messages_ready_ram: inMemory, messages } = queue.infoNow();
          expect(inMemory).toBe(0);
          expect(store.kept.get('id')?.size ?? 0).toBeLessThanOrEqual(Number(messages));
        });
        expect(paging.resident).toBe(0);
      },
    ),
    { numRuns: 200 },
  );
});

async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function compare(
  queue: LocalQueue,
  model: Model,
  steps: { do: string; n: number }[],
  maxPriority: number,
  between: () => Promise<void> = async () => {},
): Promise<void> {
  const consumers = new Map<number, RecordingConsumer>();
  const getter = new RecordingConsumer({ noAck: true });
  let bodies = 0;
  /** What is out, in the model's order: consumer by consumer. */
  const out = () => [...model.held].flatMap(([consumer, held]) => held.map((body) => ({ consumer, body })));
  for (const { do: what, n } of steps) {
    if (what === 'publish') {
      const body = String(++bodies);
      const priority = maxPriority > 0 ? n : 0;
      const deliveryMode = bodies % 2 === 0 ? 2 : 1;
      queue.publish(messageOf('', 'q', { body, properties: { priority, deliveryMode } }), null, 0);
      model.ready.push({ body, priority });
      model.run();
      model.limit();
    } else if (what === 'consume' && !consumers.has(n)) {
      const consumer = new RecordingConsumer({ prefetch: PREFETCH });
      consumers.set(n, consumer);
      await queue.consume(consumer);
      await Promise.resolve();
      model.held.set(n, []);
      model.given.set(n, []);
      model.turn.push(n);
      model.run();
    } else if (what === 'cancel' && consumers.has(n)) {
      const consumer = consumers.get(n) as RecordingConsumer;
      await queue.cancel(consumer);
      model.turn = model.turn.filter((each) => each !== n);
      const held = model.held.get(n) ?? [];
      model.held.delete(n);
      consumers.delete(n);
      for (const body of held) consumer.acknowledge(body);
    } else if (what === 'get') {
      const delivery = await queue.get(getter);
      expect(delivery?.message.body.toString() ?? null).toBe(model.ready.shift()?.body ?? null);
    } else if (what === 'purge') {
      expect(await queue.purge()).toBe(model.ready.length);
      model.ready = [];
    } else if (out().length > 0) {
      const chosen = out()[n % out().length] as { consumer: number; body: string };
      const held = model.held.get(chosen.consumer) ?? [];
      model.held.set(
        chosen.consumer,
        held.filter((body) => body !== chosen.body),
      );
      const consumer = consumers.get(chosen.consumer) as RecordingConsumer;
      if (what === 'acknowledge') {
        consumer.acknowledge(chosen.body);
      } else {
        const given = consumer.received.findLast((each) => each.body === chosen.body);
        consumer.requeue(chosen.body);
        model.ready.push({ body: chosen.body, priority: given?.message.priority ?? 0 });
        model.limit();
      }
      model.freed(chosen.consumer);
      model.run();
    }
    await between();
    const info = queue.infoNow();
    expect(info.messages_ready).toBe(model.ready.length);
    expect(info.messages_unacknowledged).toBe(out().length);
    for (const [name, consumer] of consumers) expect(consumer.bodies).toEqual(model.given.get(name));
  }
}
