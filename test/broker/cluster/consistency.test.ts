/** Whatever nodes do and suffer: what was answered is everywhere, once, and all tables are equal in the end. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventually, type MemoryLog, type Node, Nodes, rowsOf } from './nodes.js';

type Step =
  | { kind: 'submit'; node: number; count: number }
  | { kind: 'kill' | 'stop' | 'start'; node: number }
  | { kind: 'wait'; ms: number };

const node = fc.nat({ max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('submit' as const),
      node,
      count: fc.integer({ min: 1, max: 20 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('kill' as const, 'stop' as const), node }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('start' as const), node }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat({ max: 20 }) }) },
);

class Run {
  readonly nodes = new Nodes();
  readonly names = ['a@vm', 'b@vm', 'c@vm'];
  readonly up = new Map<string, Node>();
  readonly starting = new Map<string, Promise<void>>();
  readonly left = new Map<string, MemoryLog>();
  readonly answered = new Set<string>();
  readonly pending: Promise<void>[] = [];
  #made = 0;

  async begin(): Promise<void> {
    this.nodes.peers = this.names;
    await Promise.all(this.names.map((name) => this.start(name)));
  }

  start(name: string): Promise<void> {
    if (this.up.has(name) || this.starting.has(name)) return Promise.resolve();
    const made = this.nodes.make(name, this.left.get(name));
    const started = this.nodes.start(made).then(() => {
      this.up.set(name, made);
      this.starting.delete(name);
    });
    this.starting.set(name, started);
    return started;
  }

  /** One node stays, so that what was answered is not only on nodes that are down. */
  async end(name: string, how: 'kill' | 'stop'): Promise<void> {
    const running = this.up.get(name);
    if (running === undefined || this.up.size < 2) return;
    this.up.delete(name);
    if (how === 'kill') this.left.set(name, await this.nodes.kill(running));
    else {
      await running.cluster.close();
      this.nodes.nodes.delete(name);
      this.left.set(name, running.log);
    }
  }

  submit(name: string, count: number): void {
    const running = this.up.get(name);
    if (running === undefined) return;
    for (let i = 0; i < count; i++) {
      this.#made++;
      const key = `${this.#made}`;
      const submitted = running.cluster.metadata
        .submit('global_parameter.set', { name: key, value: name })
        .then(() => {
          // What a node says after it was killed, no client hears.
          if (this.up.get(name) === running) this.answered.add(key);
        })
        .catch(() => {});
      this.pending.push(submitted);
    }
  }

  async take(next: Step): Promise<void> {
    if (next.kind === 'wait') await new Promise((resolve) => setTimeout(resolve, next.ms));
    else if (next.kind === 'submit') this.submit(this.names[next.node] as string, next.count);
    else if (next.kind === 'start') void this.start(this.names[next.node] as string).catch(() => {});
    else await this.end(this.names[next.node] as string, next.kind);
  }

  async heal(): Promise<Node[]> {
    await Promise.all(this.names.map((name) => this.starting.get(name) ?? this.start(name)));
    const all = this.names.map((name) => this.up.get(name) as Node);
    await eventually(
      () => all.map((each) => each.cluster.peers.running().length),
      (counts) => counts.every((count) => count === 3),
    );
    await Promise.all(this.pending);
    await all[0]?.cluster.metadata.submit('global_parameter.set', { name: 'healed', value: 1 });
    return all;
  }
}

describe('the metadata', () => {
  it('is equal on all nodes after any sequence of changes, deaths, stops and returns', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const run = new Run();
        try {
          await run.begin();
          for (const next of steps) await run.take(next);
          const all = await run.heal();
          expect(rowsOf(all[1] as Node)).toEqual(rowsOf(all[0] as Node));
          expect(rowsOf(all[2] as Node)).toEqual(rowsOf(all[0] as Node));
          const { globalParameters } = (all[0] as Node).cluster.metadata.tables.rows;
          const missing = [...run.answered].filter((key) => !globalParameters.has(key));
          expect(missing).toEqual([]);
        } finally {
          await run.nodes.close();
        }
      }),
      { numRuns: Number(process.env.CLUSTER_RUNS ?? 15), endOnFailure: true },
    );
  }, 120_000);
});
