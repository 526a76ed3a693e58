/**
 * Gives up on messages: dead-letters them where that is asked for, then forgets them. One that is paged out has to be
 * read first; whatever is given up after it waits for it, so that all are dead-lettered in their order.
 */
import type { QueueCounters } from '../counters.js';
import type { Message } from '../message.js';
import type { DeathReason } from './dead-letter.js';
import { Entry, type PagedEntry } from './entry.js';
import type { Safekeeping } from './safekeeping.js';

type Death = { entry: Entry | PagedEntry; reason: DeathReason };

/** Paged out ones that are read together. */
const AT_ONCE = 256;

export class Burial {
  #waiting: Death[] = [];
  #reading = false;
  #closed = false;

  constructor(
    /** Never rejects; answers less where something is damaged. */
    private readonly read: (positions: readonly number[]) => Promise<Entry[]>,
    private readonly kept: Safekeeping,
    private readonly deadLetters: () => boolean,
    private readonly deadLetter: (message: Message, reason: DeathReason) => void,
    private readonly counters: QueueCounters,
  ) {}

  /** The entry is in no collection of the queue any more. */
  bury(entry: Entry | PagedEntry, reason: DeathReason): void {
    const lettered = this.deadLetters();
    this.counters[lettered ? 'deadLettered' : 'dropped'][reason]++;
    if (!lettered) this.kept.forget(entry);
    else if (entry instanceof Entry && this.#waiting.length === 0 && !this.#reading) {
      this.deadLetter(entry.message, reason);
      this.kept.forget(entry);
    } else {
      this.#waiting.push({ entry, reason });
      if (!this.#reading) void this.#work();
    }
  }

  /** One that was never taken in: there is no entry to forget. */
  refuse(message: Message): void {
    if (!this.deadLetters()) return;
    this.counters.deadLettered.maxlen++;
    this.deadLetter(message, 'maxlen');
  }

  close(): void {
    this.#closed = true;
    this.#waiting = [];
  }

  async #work(): Promise<void> {
    this.#reading = true;
    // Those that are given up in this same turn are read together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const deaths = this.#waiting.splice(0, AT_ONCE);
      const paged = deaths.flatMap(({ entry }) => (entry instanceof Entry ? [] : [entry.position]));
      const read = paged.length === 0 ? [] : await this.read(paged);
      if (this.#closed) return;
      const messages = new Map(read.map(({ position, message }) => [position, message]));
      for (const { entry, reason } of deaths) {
        const message = entry instanceof Entry ? entry.message : messages.get(entry.position);
        if (message !== undefined) this.deadLetter(message, reason);
        this.kept.forget(entry);
      }
    }
    this.#reading = false;
  }
}
