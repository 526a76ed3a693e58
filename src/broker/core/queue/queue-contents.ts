/**
 * Everything a queue holds, for those who copy it: which positions, and the messages at some of them. Those in
 * memory are taken from there, the others are read from the store.
 */
import type { QueueEntry } from '../message.js';
import type { QueueContents, QueueStore } from '../ports.js';
import { Entry } from './entry.js';
import type { ReadyMessages } from './ready-messages.js';
import type { Unacknowledged } from './unacknowledged.js';

export function queueContents(
  ready: ReadyMessages,
  unacknowledged: Unacknowledged,
  store: QueueStore,
): QueueContents {
  return {
    ranges: () => ranges(ready, unacknowledged),
    async read(positions) {
      const found = new Map<number, QueueEntry>();
      const wanted = new Set(positions);
      for (const entry of inMemory(ready, positions)) {
        if (wanted.has(entry.position)) found.set(entry.position, entry);
      }
      const elsewhere: number[] = [];
      for (const position of positions) {
        const given = unacknowledged.inMemoryAt(position);
        if (given !== undefined) found.set(position, { ...given, redelivered: true });
        else if (!found.has(position)) elsewhere.push(position);
      }
      for (const entry of await store.load(elsewhere)) found.set(entry.position, entry);
      return positions.map((position) => found.get(position)).filter((entry) => entry !== undefined);
    },
  };
}

function ranges(ready: ReadyMessages, unacknowledged: Unacknowledged): number[] {
  const runs: [first: number, last: number][] = [];
  addRuns(unacknowledged.positions(), runs);
  for (const level of ready.levels()) {
    for (const { position } of level.returned.values()) runs.push([position, position]);
    for (const deque of level.deques())
      for (const chunk of deque.chunks()) addRuns(chunk.eachPosition(), runs);
  }
  runs.sort((one, other) => one[0] - other[0]);
  const joined: number[] = [];
  for (const [first, last] of runs) {
    if (joined.length > 0 && joined[joined.length - 1] === first - 1) joined[joined.length - 1] = last;
    else joined.push(first, last);
  }
  return joined;
}

function addRuns(positions: Iterable<number>, runs: [first: number, last: number][]): void {
  let run: [number, number] | null = null;
  for (const position of positions) {
    if (run !== null && run[1] === position - 1) run[1] = position;
    else {
      run = [position, position];
      runs.push(run);
    }
  }
}

/** Ready messages in memory, of the chunks that reach into the span of `positions`, which are in order. */
function* inMemory(ready: ReadyMessages, positions: readonly number[]): IterableIterator<Entry> {
  const first = positions[0] ?? 0;
  const last = positions.at(-1) ?? 0;
  for (const level of ready.levels()) {
    for (const entry of level.returned.values()) if (entry instanceof Entry) yield entry;
    for (const deque of level.deques()) {
      for (const chunk of deque.chunks()) {
        if (chunk.entries === null || chunk.headPosition > last || chunk.lastPosition < first) continue;
        yield* chunk.left();
      }
    }
  }
}
