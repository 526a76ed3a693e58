/**
 * How much of the messages of all queues of a node stays in memory. Every queue says what it has in
 * memory, ready and unacknowledged; a queue that grows while there is more than enough pages out what is neither at its head nor at its
 * tail; when even that is not enough the fullest queues are asked to, so that many short ones are bounded as well.
 *
 * What is on the disk anyway (persistent, in a durable queue) has little room, since letting go of it costs
 * nothing but reading it again. What would have to be written first has more, unless the node's memory is near
 * its watermark: `pressed` is set when it is above vm_memory_high_watermark times
 * vm_memory_high_watermark_paging_ratio.
 */
import type { Clock, Logger } from '../ports.js';

/** Bytes in memory from which on messages that are on the disk go, and others. */
const KEPT_ROOM = 32 * 1024 * 1024;
const TRANSIENT_ROOM = 56 * 1024 * 1024;
const PRESSED_ROOM = 4 * 1024 * 1024;
/** What a message weighs besides its body. */
export const OVERHEAD = 512;
/** A round leaves this part of the room taken. */
const ENOUGH = 0.75;
const GRAIN = 64 * 1024;
/** Milliseconds between two rounds through the queues. */
const ROUND = 500;

export interface Pageable {
  /** Bytes of its messages in memory. */
  readonly resident: number;
  /** Lets go of everything that can go. */
  pageAll(): void;
}

export interface PagingRoom {
  readonly kept: number;
  readonly transient: number;
}

export class Paging {
  /** Bytes in memory, of all queues. */
  resident = 0;
  pressed = false;
  readonly #queues = new Set<Pageable>();
  #cancelRound: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    readonly logger: Logger,
    private readonly room: PagingRoom = { kept: KEPT_ROOM, transient: TRANSIENT_ROOM },
  ) {}

  /** Is there too much in memory? `kept`: what would go is on the disk anyway. */
  over(kept: boolean): boolean {
    return this.resident > this.#limit(kept);
  }

  /** Changes smaller than this need not be told. */
  get grain(): number {
    return Math.min(GRAIN, this.room.kept);
  }

  grew(queue: Pageable, bytes: number): void {
    if (queue.resident === bytes) this.#queues.add(queue);
    this.resident += bytes;
    if (this.#cancelRound === null && this.over(false)) this.#plan();
  }

  shrank(queue: Pageable, bytes: number): void {
    this.resident -= bytes;
    if (queue.resident === 0) this.#queues.delete(queue);
  }

  /** The node's memory is near its watermark, or no longer. */
  press(pressed: boolean): void {
    this.pressed = pressed;
    if (pressed) this.#round();
  }

  /** Calls back later; for a queue that has to try again. */
  later(ms: number, callback: () => void): void {
    this.clock.after(ms, callback);
  }

  close(): void {
    this.#cancelRound?.();
    this.#queues.clear();
    this.resident = 0;
  }

  #limit(kept: boolean): number {
    if (this.pressed) return Math.min(PRESSED_ROOM, this.room.kept);
    return kept ? this.room.kept : this.room.transient;
  }

  #plan(): void {
    this.#cancelRound = this.clock.after(ROUND, () => {
      this.#cancelRound = null;
      this.#round();
    });
  }

  /** Asks the fullest queues, until what they say they let go of is enough. */
  #round(): void {
    if (!this.over(false)) return;
    let excess = this.resident - this.#limit(false) * ENOUGH;
    const queues = [...this.#queues].sort((one, other) => other.resident - one.resident);
    for (const queue of queues) {
      if (excess <= 0) break;
      excess -= queue.resident;
      queue.pageAll();
    }
    if (this.#cancelRound === null) this.#plan();
  }
}
