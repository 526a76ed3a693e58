/**
 * Nodes that lose sight of each other again and again, for moments, in every phase of their coming back, while there
 * are publishers on all of them: whatever happens, all are together again once they stay in sight.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  type BrokerNode,
  Brokers,
  declare,
  message,
  mirrorAll,
  Outcomes,
  queueOn,
  rowOn,
} from './brokers.js';
import { rowsOf } from './nodes.js';

const moments = Number(process.env.WARREN_MOMENTS ?? 100);
const patience = 30_000;
const queues = ['q1', 'q2'];

let nodes: Brokers;
let made: readonly BrokerNode[];
beforeEach(async () => {
  nodes = new Brokers();
  made = await nodes.three();
});
afterEach(() => nodes.close());

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const any = <T>(of: readonly T[]): T => of[Math.floor(Math.random() * of.length)] as T;

it('is together again, and mirrored, and confirms', async () => {
  await mirrorAll(made[0] as BrokerNode);
  for (const [index, queue] of queues.entries()) await declare(made[index] as BrokerNode, queue);
  const publishers = made.map((node) => new Publisher(node));
  for (let moment = 0; moment < moments; moment++) {
    const [one, other] = [any(made), any(made)];
    if (one !== other) one.cluster.block(other.name);
    await pause(any([0, 0, 1, 5, 20, 60, 600]) * Math.random());
    one.cluster.unblock(other.name);
    await pause(any([0, 1, 5, 20, 60, 600]) * Math.random());
    if (moment % 10 === 9) await vi.waitFor(() => together(`${moment}`), patience);
  }
  for (const publisher of publishers) await publisher.end();
}, 600_000);

/** All run in the eyes of all, what one submits is seen by the others, and nobody differs. */
async function together(moment: string): Promise<void> {
  for (const { cluster, name } of made)
    expect(cluster.peers.running().sort(), `seen by ${name}`).toEqual(nodes.peers);
  for (const node of made)
    await node.cluster.metadata.submit('global_parameter.set', { name: node.name, value: moment });
  for (const { cluster, name } of made) {
    const values = nodes.peers.map((peer) => cluster.metadata.tables.get('globalParameters', peer)?.value);
    expect(values, `seen by ${name}`).toEqual([moment, moment, moment]);
  }
  for (const node of made) for (const queue of queues) await confirms(node, queue);
  for (const node of made) expect(rowsOf(node)).toEqual(rowsOf(made[0] as BrokerNode));
}

async function confirms(node: BrokerNode, queue: string): Promise<void> {
  expect(rowOn(node, queue)?.syncedMirrors, `${queue} on ${node.name}`).toHaveLength(2);
  const outcomes = new Outcomes();
  for (let i = 0; i < 5; i++) outcomes.publish(queueOn(node, queue), message('x'));
  const open = () => expect(outcomes.open, `open of ${queue} on ${node.name}`).toBe(0);
  await vi.waitFor(open, { timeout: 5000, interval: 10 });
}

/** Publishes on a node for as long as it is up, and has it come back when it is lost. */
class Publisher {
  #up = true;
  #over = false;
  #returning: Promise<void> = Promise.resolve();
  readonly #publishing: Promise<void>;

  constructor(private readonly node: BrokerNode) {
    node.cluster.onLost(() => {
      this.#up = false;
      this.#returning = this.#returning.then(() => this.#comeBack());
    });
    this.#publishing = this.#publish();
  }

  async end(): Promise<void> {
    this.#over = true;
    await this.#publishing;
    await this.#returning;
  }

  async #comeBack(): Promise<void> {
    await this.node.cluster.stop();
    await this.node.broker.stop();
    await nodes.comeUp(this.node);
    this.#up = true;
  }

  async #publish(): Promise<void> {
    while (!this.#over) {
      if (this.#up) new Outcomes().publish(queueOn(this.node, any(queues)), message('x'));
      await pause(3);
    }
  }
}
