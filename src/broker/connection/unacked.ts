/**
 * Deliveries of one channel that await their acknowledgement, in order of delivery tag. Tags only grow, so they are
 * kept in blocks (`unacked-block.ts`) one behind the other: the oldest is in the first, any other is found by its
 * distance from the head of its block (nothing settled in between) or by halving. A block goes when nothing of it is
 * left; what was settled out of order leaves gaps, which are closed when they are the greater part, so memory follows
 * what is really outstanding.
 */
import type { Consumer, Queue } from '../core/queue-port.js';
import { UnackedBlock, type Visit } from './unacked-block.js';

export type { Visit } from './unacked-block.js';

export class Unacked {
  /** How many are outstanding. */
  size = 0;
  #blocks: UnackedBlock[] = [new UnackedBlock()];
  /** One that was full and is empty. */
  #spare: UnackedBlock | null = null;
  /** Places taken in all blocks, gaps as well. */
  #places = 0;

  /** Tag of the one that has been outstanding longest; 0 when there is none. */
  get oldest(): number {
    return this.size === 0 ? 0 : this.#blocks[0]!.oldest;
  }

  add(tag: number, consumer: Consumer, queue: Queue, position: number): void {
    let block = this.#blocks[this.#blocks.length - 1]!;
    if (block.full) {
      block = this.#spare ?? new UnackedBlock();
      this.#spare = null;
      this.#blocks.push(block);
    }
    block.add(tag, consumer, queue, position);
    this.#places++;
    this.size++;
  }

  has(tag: number): boolean {
    return this.#blocks[this.#blockOf(tag)]!.find(tag) >= 0;
  }

  /** Takes one out; false when the tag is unknown. */
  take(tag: number, visit: Visit): boolean {
    const at = this.#blocks.length === 1 ? 0 : this.#blockOf(tag);
    const block = this.#blocks[at]!;
    const index = block.find(tag);
    if (index < 0) return false;
    this.size--;
    block.take(index, visit);
    this.#tidy(at, at + 1);
    return true;
  }

  /** Takes out everything up to and including `tag`, oldest first; false, taking none, when it is unknown. */
  takeThrough(tag: number, visit: Visit): boolean {
    const last = this.#blockOf(tag);
    const index = this.#blocks[last]!.find(tag);
    if (index < 0) return false;
    this.#takeThrough(last, index, visit);
    return true;
  }

  takeAll(visit: Visit): void {
    const last = this.#blocks.length - 1;
    this.#takeThrough(last, this.#blocks[last]!.end - 1, visit);
  }

  /** Puts deliveries back that were taken out before, in their old places. */
  giveBack(held: readonly { tag: number; consumer: Consumer; queue: Queue; position: number }[]): void {
    if (held.length === 0) return;
    const all = [...held];
    this.takeAll((consumer, queue, position, tag) => all.push({ tag, consumer, queue, position }));
    all.sort((a, b) => a.tag - b.tag);
    for (const { tag, consumer, queue, position } of all) this.add(tag, consumer, queue, position);
  }

  /** Those that are visited may bring new ones: these come behind. */
  #takeThrough(last: number, index: number, visit: Visit): void {
    for (let at = 0; at <= last; at++) {
      const block = this.#blocks[at]!;
      const end = at === last ? index + 1 : block.end;
      for (let place = block.head; place < end; place++) {
        if (!block.holds(place)) continue;
        this.size--;
        block.take(place, visit);
      }
    }
    this.#tidy(0, last + 1);
  }

  /** The block that would have it: the last one that begins with it or before it. */
  #blockOf(tag: number): number {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#blocks[middle]!.first <= tag) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** After something of these blocks was taken. */
  #tidy(from: number, to: number): void {
    const blocks = this.#blocks;
    for (let at = to - 1; at >= from; at--) {
      const block = blocks[at]!;
      this.#places -= block.behead();
      if (block.live > 0) continue;
      block.clear();
      if (blocks.length > 1) this.#spare = blocks.splice(at, 1)[0]!;
    }
    if (this.#places > 64 && this.size < this.#places >> 2) this.#compact();
  }

  #compact(): void {
    const blocks = this.#blocks;
    this.#blocks = [new UnackedBlock()];
    this.#places = 0;
    this.size = 0;
    for (const block of blocks) {
      for (let place = block.head; place < block.end; place++) {
        if (block.holds(place))
          block.take(place, (consumer, queue, position, tag) => this.add(tag, consumer, queue, position));
      }
    }
  }
}
