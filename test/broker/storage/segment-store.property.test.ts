/**
 * Random work on a few queues, a crash at a random moment, recovery, again and again, against a model.
 *
 * The model knows for each message whether it may be lost (its confirm was not released yet), must be there
 * (released, and not removed), may return (removed, and no later confirm of the same log released) or must not
 * return (removed before something that was released afterwards, or before a flush).
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QueueEntry } from '../../../src/broker/core/message.js';
import { SegmentStore } from '../../../src/broker/storage/segment-store.js';
import { contents, entry } from '../../contracts/message-store.js';
import { FaultyFileSystem, failure } from './faulty-file-system.js';
import { listeningLogger, wallClock } from './surroundings.js';

type Step =
  | { do: 'append'; queue: number; size: number; confirm: boolean }
  | { do: 'remove'; queue: number; pick: number }
  | { do: 'clear'; queue: number }
  | { do: 'drop'; queue: number }
  | { do: 'page'; queue: number }
  | { do: 'wait'; ticks: number }
  | { do: 'fail' }
  | { do: 'crash'; kind: 'kill' | 'power' | 'close'; seed: number };

const queue = fc.integer({ min: 0, max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      queue,
      size: fc.integer({ min: 0, max: 400 }),
      confirm: fc.boolean(),
    }),
  },
  { weight: 9, arbitrary: fc.record({ do: fc.constant('remove' as const), queue, pick: fc.nat(1000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), queue }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), queue }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('page' as const), queue }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ticks: fc.integer({ min: 1, max: 12 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      kind: fc.constantFrom('kill' as const, 'power' as const, 'close' as const),
      seed: fc.nat(),
    }),
  },
);

/** What the model knows of one message. */
interface Known {
  entry: QueueEntry;
  queue: number;
  /** Released: it must be there until it is removed. */
  safe: boolean;
  removed: boolean;
  /** Removed for good: the removal is on the disk. */
  gone: boolean;
}

class Run {
  files = new FaultyFileSystem();
  store!: SegmentStore;
  known = new Map<string, Known>();
  next = [1, 1, 1];
  transient = new Set<string>();
  logger = listeningLogger();

  async open(): Promise<void> {
    const { files, logger } = this;
    // The timers of a store that crashed go with its process.
    const after: typeof wallClock.after = (ms, callback) =>
      wallClock.after(ms / 20, () => {
        if (this.files === files) callback();
      });
    this.store = new SegmentStore({
      directory: '/messages',
      clock: { now: wallClock.now, after },
      logger,
      files,
      segmentSize: 3000,
    });
    await this.store.open();
  }

  append(step: Extract<Step, { do: 'append' }>): void {
    const position = this.next[step.queue]!++;
    const known: Known = {
      entry: entry(position, `${step.queue}:${position}:${'x'.repeat(step.size)}`),
      queue: step.queue,
      safe: false,
      removed: false,
      gone: false,
    };
    this.known.set(`${step.queue}:${position}`, known);
    const before = [...this.known.values()].filter((one) => one.removed);
    const confirms = {
      hold: () => undefined,
      refuse: () => undefined,
      release: () => {
        if (known.removed) return;
        known.safe = true;
        // The batch that wrote this one wrote all removals staged before it.
        for (const one of before) one.gone = true;
      },
    };
    this.store.queue(`q${step.queue}`).append(known.entry, step.confirm ? confirms : null, position);
  }

  remove(step: Extract<Step, { do: 'remove' }>): void {
    const there = [...this.known.values()].filter((one) => one.queue === step.queue && !one.removed);
    const known = there[step.pick % Math.max(there.length, 1)];
    if (known === undefined) return;
    known.removed = true;
    this.store.queue(`q${step.queue}`).remove(known.entry.position);
  }

  clear(step: { queue: number; do: 'clear' | 'drop' }): void {
    for (const one of this.known.values()) if (one.queue === step.queue) one.removed = true;
    const part = this.store.queue(`q${step.queue}`);
    if (step.do === 'drop') part.drop();
    else part.removeAll();
  }

  async page(queue: number): Promise<void> {
    const part = this.store.queue(`q${queue}`);
    const mine = [...this.known.values()].filter((one) => one.queue === queue && !one.removed);
    const passing = entry(1_000_000 + this.transient.size, 'only paged');
    this.transient.add(`${queue}:${passing.position}`);
    const paged = await part.page([...mine.map((one) => one.entry), passing]).then(
      () => true,
      () => false,
    );
    if (!paged) return;
    const there = mine.filter((one) => !one.removed);
    const loaded = await part.load([...there.map((one) => one.entry.position), passing.position]);
    expect(loaded.map((one) => String(one.message.body))).toEqual([
      ...there.map((one) => String(one.entry.message.body)),
      'only paged',
    ]);
  }

  async crash(step: Extract<Step, { do: 'crash' }>): Promise<void> {
    this.files.fault = () => null;
    if (step.kind === 'close') {
      await this.store.close();
      for (const one of this.known.values()) {
        if (one.removed) one.gone = true;
        else one.safe = true;
      }
      this.files = this.files.killed();
    } else if (step.kind === 'kill') {
      this.files = this.files.killed();
    } else {
      this.files = this.files.powerCut(generator(step.seed));
    }
    await this.open();
    await this.check();
  }

  async check(): Promise<void> {
    const found = new Map<string, QueueEntry>();
    for (const queue of [0, 1, 2]) {
      const entries = await contents(this.store, `q${queue}`);
      const order = entries.map(({ position }) => position);
      expect(order).toEqual([...order].sort((a, b) => a - b));
      for (const one of entries) found.set(`${queue}:${one.position}`, one);
    }
    for (const [id, one] of this.known) {
      const there = found.get(id);
      if (one.safe && !one.removed) expect(there, `${id} was released and is lost`).toBeDefined();
      if (one.gone) expect(there, `${id} was removed for good and is back`).toBeUndefined();
      if (there === undefined) this.known.delete(id);
      else {
        expect(String(there.message.body)).toBe(String(one.entry.message.body));
        // What came back is there again, and what is there was read from the disk.
        one.removed = false;
        one.safe = true;
      }
    }
    for (const id of found.keys()) expect(this.known.has(id), `${id} was never written`).toBe(true);
    // As the core does: positions go on behind the largest that is there.
    for (const queue of [0, 1, 2]) {
      const largest = [...found.values()].filter((_, i) => [...found.keys()][i]!.startsWith(`${queue}:`));
      this.next[queue] = 1 + Math.max(0, ...largest.map(({ position }) => position));
    }
  }
}

function generator(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

async function play(steps: readonly Step[]): Promise<void> {
  const run = new Run();
  await run.open();
  for (const step of steps) {
    if (step.do === 'append') run.append(step);
    else if (step.do === 'remove') run.remove(step);
    else if (step.do === 'clear' || step.do === 'drop') run.clear(step);
    else if (step.do === 'page') await run.page(step.queue);
    else if (step.do === 'crash') await run.crash(step);
    else if (step.do === 'fail') failOnce(run.files);
    else for (let i = 0; i < step.ticks; i++) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await run.crash({ do: 'crash', kind: 'power', seed: 1 });
  await run.crash({ do: 'crash', kind: 'close', seed: 1 });
  expect(run.logger.lines.filter((line) => line.includes('damaged and are lost'))).toEqual([]);
  run.files = run.files.killed();
}

function failOnce(files: FaultyFileSystem): void {
  let left = 2;
  files.fault = (operation) => (operation === 'sync' && left-- > 0 ? failure('EIO') : null);
}

describe('segment store, random work and crashes', () => {
  it('loses nothing released, brings back nothing removed for good, keeps the order', async () => {
    const runs = Number(process.env.WARREN_PROPERTY_RUNS ?? 60);
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120 }), play), {
      numRuns: runs,
      // A store that waits for ever is a finding with its steps, not the end of the run's patience.
      timeout: 180_000,
      endOnFailure: true,
    });
  }, 600_000);
});
