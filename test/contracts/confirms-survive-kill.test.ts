/**
 * A node is killed with signal 9 at random moments while one client publishes with confirms and another consumes
 * and acknowledges. After each start: every message that was confirmed and not acknowledged is there, in order;
 * none is there whose acknowledgement came before a publish, on the same channel, that was confirmed. `WARREN_KILL_ROUNDS` sets how often.
 */
import { type ConfirmChannel, connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineCluster, startCluster } from '../engines/cluster.js';
import { bundled } from '../engines/engine.js';
import type { EngineNode } from '../engines/node.js';

const QUEUE = 'numbers';
/** Takes what is only published to be confirmed, and keeps it: what leaves at once is confirmed without a sync. */
const MARKS = 'marks';
const rounds = Number(process.env.WARREN_KILL_ROUNDS ?? 10);

/** What the clients know of what they published, over all lives of the node. */
class Ledger {
  published = 0;
  readonly confirmed = new Set<number>();
  /** Acknowledged, maybe too late to be kept. */
  readonly acknowledged = new Set<number>();
  /** Acknowledged before something that was confirmed: what the node had to sync for that, it synced with this. */
  readonly settled = new Set<number>();
}

class Life {
  #dead = false;

  constructor(
    private readonly ledger: Ledger,
    private readonly publisher: ConfirmChannel,
    private readonly consumer: ConfirmChannel,
  ) {}

  async run(milliseconds: number): Promise<void> {
    await this.consumer.prefetch(100);
    await this.consumer.consume(QUEUE, (message) => {
      if (message === null || Math.random() < 0.3) return;
      const number = Number(message.content.toString().split(' ')[0]);
      this.consumer.ack(message);
      this.ledger.acknowledged.add(number);
      this.consumer.sendToQueue(MARKS, Buffer.alloc(0), { persistent: true }, (error) => {
        if (!error && !this.#dead) this.ledger.settled.add(number);
      });
    });
    const end = Date.now() + milliseconds;
    while (Date.now() < end) {
      for (let i = 0; i < 40; i++) this.#publish();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    this.#dead = true;
  }

  #publish(): void {
    const number = ++this.ledger.published;
    const body = Buffer.from(`${number} ${'x'.repeat(Math.floor(Math.random() * 6000))}`);
    this.publisher.sendToQueue(QUEUE, body, { persistent: true }, (error) => {
      if (!error && !this.#dead) this.ledger.confirmed.add(number);
    });
  }
}

describe('confirmed messages and kill -9', () => {
  let cluster: EngineCluster;
  let node: EngineNode;
  beforeAll(async () => {
    cluster = await startCluster(bundled);
    node = cluster.nodes[0] as EngineNode;
  });
  afterAll(() => cluster?.destroy());

  it('are all there, in order, after every one of them', async () => {
    const ledger = new Ledger();
    for (let round = 1; round <= rounds; round++) {
      const connection = await connect(node.url);
      connection.on('error', () => undefined);
      const publisher = await connection.createConfirmChannel();
      const consumer = await connection.createConfirmChannel();
      for (const channel of [publisher, consumer]) channel.on('error', () => undefined);
      await publisher.assertQueue(QUEUE, { durable: true });
      await publisher.assertQueue(MARKS, { durable: true });
      await new Life(ledger, publisher, consumer).run(150 + Math.random() * 350);
      await node.kill();
      await node.boot();
      compare(ledger, await content(node), round);
    }
    expect(ledger.confirmed.size).toBeGreaterThan(rounds * 10);
    expect(ledger.settled.size).toBeGreaterThan(0);
  }, 600_000);
});

/** Everything in the queue, in its order, left as it is. */
async function content(node: EngineNode): Promise<number[]> {
  const connection = await connect(node.url);
  const channel = await connection.createChannel();
  const { messageCount } = await channel.checkQueue(QUEUE);
  const numbers: number[] = [];
  await new Promise<void>((resolve) => {
    if (messageCount === 0) resolve();
    void channel.consume(QUEUE, (message) => {
      if (message === null) return;
      numbers.push(Number(message.content.toString().split(' ')[0]));
      if (numbers.length === messageCount) resolve();
    });
  });
  await connection.close();
  return numbers;
}

function compare(ledger: Ledger, found: number[], round: number): void {
  const there = new Set(found);
  const lost = [...ledger.confirmed].filter(
    (number) => !ledger.acknowledged.has(number) && !there.has(number),
  );
  const back = [...ledger.settled].filter((number) => there.has(number));
  expect({ round, lost, back }).toEqual({ round, lost: [], back: [] });
  expect(found).toEqual([...found].sort((a, b) => a - b));
}
