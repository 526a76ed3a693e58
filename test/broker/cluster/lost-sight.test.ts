/**
 * Nodes that lose sight of each other again and again, for moments, in every phase of their coming back: whatever
 * happens, all of them are together again once they stay in sight.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Node, Nodes, rowsOf } from './nodes.js';

let nodes: Nodes;
beforeEach(() => {
  nodes = new Nodes();
});
afterEach(() => nodes.close());

const moments = Number(process.env.WARREN_MOMENTS ?? 100);
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const any = <T>(of: readonly T[]): T => of[Math.floor(Math.random() * of.length)] as T;

it('is together again', async () => {
  nodes.peers = ['a@vm', 'b@vm', 'c@vm'];
  const made = nodes.peers.map((name) => nodes.make(name));
  await Promise.all(made.map((node) => nodes.start(node)));
  for (const node of made) returnsWhenLost(node);
  for (let moment = 0; moment < moments; moment++) {
    const [one, other] = [any(made), any(made)];
    if (one !== other) one.cluster.block(other.name);
    await pause(any([0, 0, 1, 5, 20, 60, 600]) * Math.random());
    one.cluster.unblock(other.name);
    await pause(any([0, 1, 5, 20, 60, 600]) * Math.random());
    if (moment % 10 === 9) await vi.waitFor(() => together(made, `${moment}`), 30_000);
  }
}, 600_000);

/** All run in the eyes of all, what one submits is seen by the others, and nobody differs. */
async function together(made: readonly Node[], moment: string): Promise<void> {
  for (const node of made) expect(running(node), `seen by ${node.name}`).toEqual(nodes.peers);
  for (const { cluster } of made)
    await cluster.metadata.submit('global_parameter.set', { name: cluster.self, value: moment });
  for (const { cluster } of made) {
    const values = nodes.peers.map((name) => cluster.metadata.tables.get('globalParameters', name)?.value);
    expect(values, `seen by ${cluster.self}`).toEqual([moment, moment, moment]);
  }
  for (const node of made) expect(rowsOf(node)).toEqual(rowsOf(made[0] as Node));
}

const running = ({ cluster }: Node) => cluster.peers.running().sort();

function returnsWhenLost(node: Node): void {
  let work: Promise<void> = Promise.resolve();
  node.cluster.onLost(() => {
    work = work
      .then(() => node.cluster.stop())
      .then(() => nodes.comeUp(node))
      .catch(({ message }: Error) => void node.lost.push(message));
  });
}
