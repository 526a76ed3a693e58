/** The plainest message store there can be: the model that the suite is also run on. */
import type { QueueEntry } from '../../src/broker/core/message.js';
import type { MessageStore, QueueStore, StoredEntries } from '../../src/broker/core/ports.js';
import type { Confirms } from '../../src/broker/core/queue-port.js';
import { storedEntries } from '../broker/core/stored-entries.js';

export class MemoryMessageStore implements MessageStore {
  readonly #queues = new Map<string, MemoryQueueStore>();

  async open(): Promise<{ cleanShutdown: boolean }> {
    for (const queue of this.#queues.values()) queue.forgetPaged();
    return { cleanShutdown: true };
  }

  queue(id: string): QueueStore {
    let queue = this.#queues.get(id);
    if (queue === undefined) {
      queue = new MemoryQueueStore(() => this.#queues.delete(id));
      this.#queues.set(id, queue);
    }
    return queue;
  }

  queues(): string[] {
    return [...this.#queues].filter(([, queue]) => queue.size > 0).map(([id]) => id);
  }

  async close(): Promise<void> {}
  onFailure(): void {}
  onRecovery(): void {}
  onPressure(): void {}
}

class MemoryQueueStore implements QueueStore {
  readonly #entries = new Map<number, QueueEntry>();
  readonly #paged = new Set<number>();

  constructor(private readonly dropped: () => void) {}

  get size(): number {
    return this.#entries.size;
  }

  forgetPaged(): void {
    for (const position of this.#paged) this.#entries.delete(position);
    this.#paged.clear();
  }

  stored(): StoredEntries {
    return storedEntries(this.#entries.values(), ({ position }) => this.#paged.has(position));
  }

  append(entry: QueueEntry, confirms: Confirms | null, sequence: number): void {
    confirms?.hold(sequence);
    this.#entries.set(entry.position, { ...entry });
    if (confirms !== null) setImmediate(() => confirms.release(sequence));
  }

  delivered(position: number): void {
    const entry = this.#entries.get(position);
    if (entry !== undefined) entry.redelivered = true;
  }

  remove(position: number): void {
    this.#entries.delete(position);
    this.#paged.delete(position);
  }

  removeAll(): void {
    this.#entries.clear();
    this.#paged.clear();
  }

  drop(): void {
    this.removeAll();
    this.dropped();
  }

  async page(entries: readonly QueueEntry[]): Promise<void> {
    for (const entry of entries) {
      if (this.#entries.has(entry.position)) continue;
      this.#entries.set(entry.position, { ...entry });
      this.#paged.add(entry.position);
    }
  }

  async load(positions: readonly number[]): Promise<QueueEntry[]> {
    return positions.flatMap((position) => {
      const entry = this.#entries.get(position);
      return entry === undefined ? [] : [{ ...entry }];
    });
  }
}
