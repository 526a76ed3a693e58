/**
 * What was given to consumers and getters and is not settled yet, by position.
 *
 * A consumer without a prefetch may be given a whole queue. When there is more in memory than there is room for
 * (`paging.ts`) the messages given last are paged out, since those given first are settled first (`paged-given.ts`).
 * Quorum queues count how often each message came back, and keep theirs.
 */
import type { QueueStore } from '../ports.js';
import type { Consumer } from '../queue-port.js';
import type { Subscription } from './consumer-list.js';
import type { Entry, PagedEntry } from './entry.js';
import { PagedGiven } from './paged-given.js';
import { OVERHEAD, type Pageable, type Paging } from './paging.js';

/** So many messages, or bytes of them, are paged out together. */
const AT_ONCE = 512;
const BYTES_AT_ONCE = 256 * 1024;

export class Unacknowledged implements Pageable {
  readonly #entries = new Map<number, Entry>();
  readonly #paged = new PagedGiven();
  /** Of the bodies. */
  bytes = 0;
  inMemory = 0;
  bytesInMemory = 0;
  /** As the node knows it. */
  resident = 0;
  /** Given last, and not looked at for paging yet. */
  #recent: Entry[] = [];
  #recentBytes = 0;

  constructor(
    private readonly store: QueueStore,
    private readonly paging: Paging,
    private readonly durable: boolean,
    private readonly pages: boolean,
  ) {}

  get size(): number {
    return this.#entries.size + this.#paged.size;
  }

  add(entry: Entry, owner: Consumer, subscription: Subscription | null): void {
    entry.owner = owner;
    entry.subscription = subscription;
    if (subscription !== null) subscription.unacknowledged++;
    this.#entries.set(entry.position, entry);
    this.bytes += entry.bodyLength;
    this.#moved(1, entry.bodyLength);
    if (this.pages) this.#look(entry);
  }

  /** Undefined when there is none at this position, or another consumer has it. */
  take(owner: Consumer, position: number): Entry | PagedEntry | undefined {
    const found = this.#entries.get(position);
    if (found === undefined) return this.#takePaged(owner, position);
    if (found.owner !== owner) return undefined;
    this.#entries.delete(position);
    this.#taken(found);
    this.#moved(-1, -found.bodyLength);
    return found;
  }

  /** Undefined when there is none, or it is not in memory. */
  inMemoryAt(position: number): Entry | undefined {
    return this.#entries.get(position);
  }

  *positions(): IterableIterator<number> {
    yield* this.#paged.positions();
    yield* this.#entries.keys();
  }

  *values(): IterableIterator<{ persistent: boolean; bodyLength: number }> {
    yield* this.#paged.values();
    yield* this.#entries.values();
  }

  pageAll(): void {
    this.#recent = [];
    this.#recentBytes = 0;
    if (this.pages) this.#page([...this.#entries.values()]);
  }

  clear(): void {
    this.#entries.clear();
    this.#paged.clear();
    this.#recent = [];
    this.bytes = 0;
    this.#moved(-this.inMemory, -this.bytesInMemory);
  }

  #takePaged(owner: Consumer, position: number): PagedEntry | undefined {
    const found = this.#paged.take(owner, position);
    if (found !== undefined) this.#taken(found);
    return found;
  }

  #taken({ bodyLength, subscription }: Entry | PagedEntry): void {
    this.bytes -= bodyLength;
    if (subscription !== null) subscription.unacknowledged--;
  }

  #look(entry: Entry): void {
    this.#recent.push(entry);
    this.#recentBytes += entry.bodyLength;
    if (this.#recent.length < AT_ONCE && this.#recentBytes < BYTES_AT_ONCE) return;
    const recent = this.#recent;
    this.#recent = [];
    this.#recentBytes = 0;
    if (this.paging.over(this.durable && entry.persistent)) this.#page(recent);
  }

  #page(entries: Entry[]): void {
    const held = entries.filter((entry) => this.#entries.get(entry.position) === entry);
    if (held.length === 0) return;
    const written = held.filter(({ stored }) => !stored);
    // From here on whoever is done with one of them has to tell the store.
    for (const entry of written) entry.stored = true;
    const paged = this.store.page(held);
    for (const { position } of written) this.store.delivered(position);
    paged.then(
      () => {
        for (const entry of held) this.#letGo(entry);
      },
      // It stays in memory; the store has said why.
      () => {},
    );
  }

  #letGo(entry: Entry): void {
    if (this.#entries.get(entry.position) !== entry) return;
    this.#entries.delete(entry.position);
    this.#paged.add(entry);
    this.#moved(-1, -entry.bodyLength);
  }

  #moved(count: number, bytes: number): void {
    this.inMemory += count;
    this.bytesInMemory += bytes;
    const resident = this.bytesInMemory + OVERHEAD * this.inMemory;
    const change = resident - this.resident;
    if (change === 0 || (resident > 0 && Math.abs(change) < this.paging.grain)) return;
    this.resident = resident;
    if (change > 0) this.paging.grew(this, change);
    else this.paging.shrank(this, -change);
  }
}
