/**
 * Messages that were given away and are themselves in the store alone. What is left of each is its position, the
 * length of its body and which lot it belongs to: what those have in common that one consumer was given. Positions
 * are in blocks of 1024, so a million of them weigh a few megabytes.
 */
import type { Consumer } from '../queue-port.js';
import type { Subscription } from './consumer-list.js';
import { type Entry, PagedEntry } from './entry.js';

const SPAN = 1024;

/** What is alike about many. */
export interface Lot {
  readonly persistent: boolean;
  readonly priority: number;
  readonly owner: Consumer | null;
  readonly subscription: Subscription | null;
}

interface Block {
  /** Place of its lot in `lots`, and one; 0: no message. */
  readonly which: Uint16Array;
  readonly lengths: Uint32Array;
  readonly lots: Lot[];
  count: number;
}

export class PagedGiven {
  size = 0;
  readonly #blocks = new Map<number, Block>();

  add(entry: Entry): void {
    const number = Math.floor(entry.position / SPAN);
    let block = this.#blocks.get(number);
    if (block === undefined) {
      block = { which: new Uint16Array(SPAN), lengths: new Uint32Array(SPAN), lots: [], count: 0 };
      this.#blocks.set(number, block);
    }
    const place = entry.position % SPAN;
    block.which[place] = lotOf(block.lots, entry) + 1;
    block.lengths[place] = entry.bodyLength;
    block.count++;
    this.size++;
  }

  /** Undefined when it is not here, or another consumer has it. */
  take(owner: Consumer, position: number): PagedEntry | undefined {
    const number = Math.floor(position / SPAN);
    const block = this.#blocks.get(number);
    const which = block?.which[position % SPAN] ?? 0;
    if (block === undefined || which === 0) return undefined;
    const lot = block.lots[which - 1] as Lot;
    if (lot.owner !== owner) return undefined;
    block.which[position % SPAN] = 0;
    this.size--;
    if (--block.count === 0) this.#blocks.delete(number);
    return new PagedEntry(position, block.lengths[position % SPAN] as number, lot);
  }

  *positions(): IterableIterator<number> {
    for (const [number, { which }] of this.#blocks) {
      for (let place = 0; place < SPAN; place++) if (which[place] !== 0) yield number * SPAN + place;
    }
  }

  *values(): IterableIterator<{ persistent: boolean; bodyLength: number }> {
    for (const { which, lengths, lots } of this.#blocks.values()) {
      for (let place = 0; place < SPAN; place++) {
        const lot = lots[(which[place] as number) - 1];
        if (lot !== undefined) yield { persistent: lot.persistent, bodyLength: lengths[place] as number };
      }
    }
  }

  clear(): void {
    this.#blocks.clear();
    this.size = 0;
  }
}

/** Place of the one it belongs to; most belong to that of the last. */
function lotOf(lots: Lot[], { persistent, priority, owner, subscription }: Entry): number {
  for (let place = lots.length - 1; place >= 0; place--) {
    const lot = lots[place] as Lot;
    const alike =
      lot.owner === owner &&
      lot.subscription === subscription &&
      lot.persistent === persistent &&
      lot.priority === priority;
    if (alike) return place;
  }
  return lots.push({ persistent, priority, owner, subscription }) - 1;
}
