/**
 * A queue that this node leads.
 *
 * A message that arrives while no other waits goes straight to the consumer whose turn it is; otherwise it is
 * put at the tail of `ready` and leaves from the head. Given to a consumer (or got) that acknowledges, it stays
 * in `unacknowledged` under its position until it is settled; requeued, it goes back to its place. What must
 * survive is told to the store, what must be mirrored to the replicator, before the message is given away.
 *
 * Invariant: while messages are ready no consumer is able to take one, except inside `#run` and while the head
 * is being read.
 *
 * Ready messages may be paged out, the head as well (`entry-deque.ts`): whoever needs it asks for it, and what
 * waits for it goes on when it is there. Limits count ready messages only.
 */
import { AmqpError } from '../../protocol/amqp-error.js';
import type { QueueFigures, QueueInfo } from '../admin-port.js';
import { type QueueCounters, queueCounters } from '../counters.js';
import type { Message, QueueEntry } from '../message.js';
import { named } from '../metadata/named.js';
import type { QueueRow } from '../metadata/rows.js';
import { checkConsumerArguments } from '../metadata/validation/queue-arguments.js';
import type { Clock, PlacedQueue, QueueStore } from '../ports.js';
import type { Confirms, Consumer, Delivery, Queue, QueueCounts } from '../queue-port.js';
import { Burial } from './burial.js';
import { ConsumerList, type Subscription } from './consumer-list.js';
import { returnedTooOften, shownTo } from './delivery-count.js';
import { EarlyPublishes } from './early-publishes.js';
import { Entry } from './entry.js';
import { Expiry } from './expiry.js';
import { Idleness } from './idleness.js';
import { Overflow } from './overflow.js';
import { putBack } from './put-back.js';
import { queueContents } from './queue-contents.js';
import type { QueueHead } from './queue-head.js';
import { type QueueParts, queueFigures, queueInfo } from './queue-info.js';
import type { QueueSettings } from './queue-settings.js';
import type { QueueSurroundings } from './queue-surroundings.js';
import { ReadyMessages } from './ready-messages.js';
import { asKept, Safekeeping } from './safekeeping.js';
import { Unacknowledged } from './unacknowledged.js';

export class LocalQueue implements PlacedQueue {
  readonly counters: QueueCounters = queueCounters();
  readonly #ready: ReadyMessages;
  readonly #unacknowledged: Unacknowledged;
  readonly #burial: Burial;
  readonly #consumers: ConsumerList;
  readonly #expiry: Expiry;
  readonly #overflow: Overflow;
  readonly #idleness: Idleness;
  #nextPosition = 1;
  readonly #kept: Safekeeping;
  #running = false;
  #reading = false;
  #gone = false;
  #early: EarlyPublishes | null = null;
  #recovery: Promise<void> | null = null;
  #successor: Queue | null = null;

  constructor(
    public row: QueueRow,
    public settings: QueueSettings,
    private readonly store: QueueStore,
    private readonly surroundings: QueueSurroundings,
  ) {
    const { clock, paging } = surroundings;
    this.#kept = new Safekeeping(row.durable, store, surroundings.replicator);
    const lost = (count: number, bytes: number) => this.#kept.lost(count, bytes);
    this.#ready = new ReadyMessages(settings.maxPriority, store, paging, row.durable, lost);
    this.#ready.lazy = settings.lazy;
    this.#unacknowledged = new Unacknowledged(store, paging, row.durable, row.type !== 'quorum');
    this.#burial = new Burial(
      (positions) => this.#ready.readBack(positions),
      this.#kept,
      () => this.settings.deadLetterExchange !== null,
      (message, reason) => surroundings.deadLetter(this, message, reason),
      this.counters,
    );
    this.#consumers = new ConsumerList(settings.singleActiveConsumer);
    const head = this.#head(clock);
    this.#expiry = new Expiry(head);
    this.#overflow = new Overflow(head);
    this.#idleness = new Idleness(clock, () => surroundings.remove(this));
    this.touch();
  }

  /** It holds what it should: its mirrors may be told. */
  begin(): void {
    this.#kept.mirrors(this.row, queueContents(this.#ready, this.#unacknowledged, this.store));
  }

  publish(message: Message, confirms: Confirms | null, sequence: number): void {
    if (this.#gone) return;
    if (this.#early !== null) this.#early.hold(message, confirms, sequence);
    else if (this.#overflow.refuses(message)) this.#refuse(message, confirms, sequence);
    else this.#accept(message, confirms, sequence);
  }

  #accept(published: Message, confirms: Confirms | null, sequence: number): void {
    this.counters.publish++;
    const message = asKept(published, this.row);
    const entry = new Entry(this.#nextPosition++, message, this.#expiry.timeOf(message));
    const subscription = this.#ready.length === 0 ? this.#consumers.next() : null;
    if (!subscription?.consumer.noAck) this.#kept.keep(entry, confirms, sequence);
    if (subscription !== null) this.#give(subscription, entry);
    else if (this.#expiry.keepsNothing) this.#kept.forget(entry);
    else {
      this.#ready.push(entry);
      const dropped = this.#overflow.drop();
      if (dropped || this.#ready.length === 1) this.#expiry.drop();
    }
  }

  async consume(consumer: Consumer): Promise<void> {
    if (this.#gone) throw new AmqpError('NOT_FOUND', `no ${named('queue', this.row.name, this.row.vhost)}`);
    checkConsumerArguments(this.row, consumer.arguments);
    if (this.row.type !== 'quorum' && this.#consumers.excludes(consumer)) {
      const text = `${named('queue', this.row.name, this.row.vhost)} in exclusive use`;
      throw new AmqpError('ACCESS_REFUSED', text);
    }
    this.#consumers.add(consumer);
    this.#idleness.end();
    // After the caller has sent consume-ok, which must precede the first delivery.
    queueMicrotask(() => this.#run());
  }

  async cancel(consumer: Consumer): Promise<void> {
    if (this.#successor !== null) return this.#successor.cancel(consumer);
    const subscription = this.#consumers.remove(consumer);
    if (subscription === undefined) return;
    if (this.#consumers.size > 0) this.#run();
    else if (this.row.autoDelete) this.surroundings.remove(this);
    else this.touch();
  }

  resume(consumer: Consumer): void {
    this.#successor?.resume(consumer);
    const subscription = this.#consumers.get(consumer);
    if (subscription !== undefined && this.#consumers.unblock(subscription)) this.#run();
  }

  async get(getter: Consumer): Promise<Delivery | null> {
    this.touch();
    if (this.#recovery !== null) await this.#recovery;
    this.#expiry.lapse();
    if (this.#ready.peek() === undefined) await this.#ready.loaded(() => this.#expiry.drop());
    if (this.#successor !== null) return this.#successor.get(getter);
    const entry = this.#ready.shift();
    if (entry === undefined) {
      this.counters.getEmpty++;
      return null;
    }
    const { position, redelivered } = entry;
    const message = shownTo(this.row, entry);
    if (redelivered) this.counters.redeliver++;
    if (getter.noAck) {
      this.counters.getNoAck++;
      this.#kept.forget(entry);
    } else {
      this.counters.get++;
      this.#hand(entry, getter, null);
    }
    this.#expiry.drop();
    return { position, message, redelivered, remaining: this.#ready.length };
  }

  acknowledge(consumer: Consumer, position: number): void {
    const entry = this.#unacknowledged.take(consumer, position);
    if (entry === undefined) return;
    this.counters.ack++;
    this.#kept.forget(entry);
    this.#released(entry.subscription);
  }

  requeue(consumer: Consumer, position: number): void {
    const entry = this.#unacknowledged.take(consumer, position);
    if (entry === undefined) return;
    const { subscription } = entry;
    if (entry instanceof Entry && returnedTooOften(this.row, this.settings, entry)) {
      this.#burial.bury(entry, 'delivery_limit');
      this.#released(subscription);
      return;
    }
    if (entry instanceof Entry) entry.returned();
    this.#kept.requeued(entry);
    this.#ready.requeue(entry);
    this.#shorten();
    if (subscription !== null) this.#consumers.unblock(subscription);
    this.#run();
  }

  reject(consumer: Consumer, position: number): void {
    const entry = this.#unacknowledged.take(consumer, position);
    if (entry === undefined) return;
    this.counters.ack++;
    this.#burial.bury(entry, 'rejected');
    this.#released(entry.subscription);
  }

  async purge(): Promise<number> {
    const purged = this.#ready.length;
    this.#kept.forgetReady(this.#ready, this.#unacknowledged);
    this.#ready.clear();
    this.#expiry.stop();
    return purged;
  }

  /** Asked for by queue.declare, active and passive: that counts as use (x-expires). */
  async counts(): Promise<QueueCounts> {
    this.touch();
    if (this.#recovery !== null) await this.#recovery;
    this.#expiry.lapse();
    return { messages: this.#ready.length, consumers: this.#consumers.size };
  }

  async info(): Promise<Record<string, unknown>> {
    return this.infoNow();
  }

  lengths(): { ready: number; unacknowledged: number; consumers: number } {
    const [ready, unacknowledged] = [this.#ready.length, this.#unacknowledged.size];
    return { ready, unacknowledged, consumers: this.#consumers.size };
  }

  figures(): QueueFigures {
    return queueFigures(this.#parts());
  }

  infoNow(): QueueInfo {
    const idleSince = this.#consumers.size > 0 ? null : this.#idleness.since;
    return queueInfo(this, this.#parts(), this.surroundings.policyOf(this), idleSince);
  }

  #parts(): QueueParts {
    const [ready, unacknowledged] = [this.#ready, this.#unacknowledged];
    return { ready, unacknowledged, kept: this.#kept, consumers: this.#consumers };
  }

  /** Starts the time of x-expires anew. */
  touch(): void {
    if (!this.#gone) this.#idleness.begin(this.settings.expires, this.#consumers.size > 0);
  }

  /** Puts in what the store has, and a mirror had in memory; what is published meanwhile comes after that. */
  recover(inMemory: readonly QueueEntry[] = []): Promise<void> {
    this.#early ??= new EarlyPublishes();
    this.#recovery = this.#recover(inMemory);
    return this.#recovery;
  }

  async #recover(inMemory: readonly QueueEntry[]): Promise<void> {
    const { stored, last, expires } = await putBack(this.#ready, this.store, inMemory);
    this.#nextPosition = last + 1;
    this.#expiry.active ||= expires;
    this.#kept.recovered(stored);
    const early = this.#early;
    this.#early = null;
    this.#recovery = null;
    if (!this.#gone) {
      this.begin();
      this.#shorten();
      this.#run();
    }
    early?.handTo((message, confirms, sequence) => this.publish(message, confirms, sequence));
  }

  /** Policies changed. */
  configure(settings: QueueSettings): void {
    this.#overflow.changed(this.settings);
    this.settings = settings;
    this.#ready.lazy = settings.lazy;
    this.touch();
    this.#shorten();
    this.#run();
  }

  rowChanged(row: QueueRow): void {
    const mirrorsChanged = row.mirrors.join() !== this.row.mirrors.join();
    this.row = row;
    if (mirrorsChanged && this.#early === null) this.begin();
  }

  succeededBy(successor: Queue): void {
    const consumers = this.#end();
    this.#successor = successor;
    for (const consumer of consumers) successor.consume(consumer).catch(() => consumer.cancelled(successor));
  }

  deleted(): void {
    if (this.#gone) return;
    this.#burial.hurry();
    const consumers = this.#end();
    this.#kept.drop();
    for (const consumer of consumers) consumer.cancelled(this);
  }

  /** The node stops: nothing is deleted, nobody is told. */
  close(): void {
    this.#end();
  }

  /** Answers the consumers there were. */
  #end(): Consumer[] {
    const consumers = [...this.#consumers.all()].map((subscription) => subscription.consumer);
    if (!this.#gone) this.surroundings.ended(this);
    this.#gone = true;
    this.#expiry.stop();
    this.#idleness.end();
    this.#consumers.clear();
    this.#ready.clear();
    this.#unacknowledged.clear();
    this.#burial.close();
    this.#kept.close();
    return consumers;
  }

  /** Gives ready messages to consumers as long as there are both. */
  #run(): void {
    if (this.#running || this.#gone) return;
    this.#running = true;
    try {
      while (this.#ready.length > 0) {
        if (this.#expiry.active) this.#expiry.lapse();
        if (this.#ready.peek() === undefined) {
          if (this.#consumers.size > 0) this.#needHead();
          break;
        }
        const subscription = this.#consumers.next();
        if (subscription === null) break;
        const entry = this.#ready.shift() as Entry;
        if (subscription.consumer.noAck) this.#kept.forget(entry);
        this.#give(subscription, entry);
        if (this.#expiry.active) this.#expiry.drop();
      }
    } finally {
      this.#running = false;
    }
  }

  /** What is at the head and may not stay. */
  #shorten(): void {
    this.#overflow.drop();
    this.#expiry.drop();
  }

  #head(clock: Clock): QueueHead {
    return {
      clock,
      ready: this.#ready,
      settings: () => this.settings,
      bury: (entry, reason) => this.#burial.bury(entry, reason),
      need: () => this.#needHead(),
      due: () => {
        this.#expiry.drop();
        this.#run();
      },
    };
  }

  /** It is paged out: goes on when it is back. */
  #needHead(): void {
    if (this.#reading || this.#gone || this.#ready.length === 0) return;
    this.#reading = true;
    void this.#ready.load().then(() => {
      this.#reading = false;
      if (this.#gone) return;
      this.#shorten();
      this.#run();
    });
  }

  #give(subscription: Subscription, entry: Entry): void {
    const { consumer } = subscription;
    const { position, redelivered } = entry;
    const message = entry.returns === 0 ? entry.message : shownTo(this.row, entry);
    if (redelivered) this.counters.redeliver++;
    if (consumer.noAck) this.counters.deliverNoAck++;
    else {
      this.counters.deliver++;
      this.#hand(entry, consumer, subscription);
    }
    consumer.deliver(this, position, message, redelivered);
  }

  #hand(entry: Entry, owner: Consumer, subscription: Subscription | null): void {
    this.#unacknowledged.add(entry, owner, subscription);
    this.#kept.delivered(entry);
  }

  #released(subscription: Subscription | null): void {
    if (subscription !== null && this.#consumers.unblock(subscription)) this.#run();
  }

  #refuse(message: Message, confirms: Confirms | null, sequence: number): void {
    if (this.settings.overflow === 'reject-publish-dlx') this.#burial.refuse(message);
    confirms?.hold(sequence);
    confirms?.refuse(sequence);
  }
}
