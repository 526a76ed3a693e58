/**
 * Gives up on messages: dead-letters them where that is asked for, then forgets them.
 *
 * What a client refuses goes on at once. What expires or has to make room goes on when everything that is being done at
 * the moment is done: a message that is published to two queues reaches both before what it drives out of the first
 * is published to the second, as where each queue is a process of its own. One that is paged out has to be read
 * first; whatever is given up after it waits for it, so that all are dead-lettered in their order.
 */
import type { QueueCounters } from '../counters.js';
import type { Message } from '../message.js';
import type { DeathReason } from './dead-letter.js';
import { Entry, type PagedEntry } from './entry.js';
import type { Safekeeping } from './safekeeping.js';

interface Death {
  readonly reason: DeathReason;
  /** Of one that was never taken in there is none. */
  readonly entry?: Entry | PagedEntry;
  /** Of one that is paged out it has to be read. */
  readonly message?: Message;
}

/** Paged out ones that are read together. */
const AT_ONCE = 256;
const none: ReadonlyMap<number, Message> = new Map();

export class Burial {
  #waiting: Death[] = [];
  /** So many of those are carried out already. */
  #carried = 0;
  #working = false;
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
    else if (entry instanceof Entry) this.#go({ reason, entry, message: entry.message });
    else this.#go({ reason, entry });
  }

  /** One that was never taken in: there is no entry to forget. */
  refuse(message: Message): void {
    if (!this.deadLetters()) return;
    this.counters.deadLettered.maxlen++;
    this.#go({ reason: 'maxlen', message });
  }

  /** Now, as the queue is about to go; what is paged out goes with it. */
  hurry(): void {
    while (this.#carried < this.#waiting.length) {
      const death = this.#waiting[this.#carried++]!;
      this.#carry(death, death.message);
    }
  }

  close(): void {
    this.#closed = true;
    this.#waiting = [];
  }

  #go(death: Death): void {
    const atOnce = death.reason === 'rejected' || death.reason === 'delivery_limit';
    if (atOnce && death.message !== undefined && !this.#working) {
      this.#carry(death, death.message);
      return;
    }
    this.#waiting.push(death);
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    await Promise.resolve();
    while (this.#carried < this.#waiting.length) {
      const some = this.#waiting.slice(this.#carried, this.#carried + AT_ONCE);
      const read = some.every(({ message }) => message !== undefined) ? none : await this.#read(some);
      if (this.#closed) return;
      for (const death of some) {
        this.#carried += 1;
        this.#carry(death, death.message ?? read.get(death.entry!.position));
      }
    }
    this.#waiting = [];
    this.#carried = 0;
    this.#working = false;
  }

  /** Those that are paged out, by their positions. */
  async #read(deaths: readonly Death[]): Promise<ReadonlyMap<number, Message>> {
    const paged = deaths.flatMap(({ entry, message }) => (message === undefined ? [entry!.position] : []));
    const read = await this.read(paged);
    return new Map(read.map(({ position, message }) => [position, message]));
  }

  #carry({ reason, entry }: Death, message: Message | undefined): void {
    if (message !== undefined) this.deadLetter(message, reason);
    if (entry !== undefined) this.kept.forget(entry);
  }
}
