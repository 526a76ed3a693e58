/**
 * A queue that this node leads.
 *
 * A message that arrives while no other waits goes straight to the consumer whose turn it is; otherwise it is
 * put at the tail of `ready` and leaves from the head. Given to a consumer (or got) that acknowledges, it stays
 * in `unacknowledged` under its position until it is settled; requeued, it goes back to its place. What must
 * survive is told to the store, what must be mirrored to the replicator, before the message is given away.
 *
 * Invariant: while messages are ready no consumer is able to take one, except inside `#run`.
 *
 * A message expires when it stands at the head and its time is over: one timer waits for the head, and the
 * head is looked at before every delivery. Limits count ready messages only.
 */
import { AmqpError } from '../../protocol/amqp-error.js';
import { type QueueCounters, queueCounters } from '../counters.js';
import type { Message, QueueEntry } from '../message.js';
import type { EffectivePolicy } from '../metadata/effective-policy.js';
import { named } from '../metadata/named.js';
import type { QueueRow } from '../metadata/rows.js';
import { checkConsumerArguments } from '../metadata/validation/queue-arguments.js';
import type { Clock, PlacedQueue, QueueStore, Replicator } from '../ports.js';
import type { Confirms, Consumer, Delivery, Queue, QueueCounts } from '../queue-port.js';
import { ConsumerList, type Subscription } from './consumer-list.js';
import type { DeathReason } from './dead-letter.js';
import { Entry } from './entry.js';
import { type QueueState, queueInfo } from './queue-info.js';
import type { QueueSettings } from './queue-settings.js';
import { ReadyMessages } from './ready-messages.js';
import { Timer } from './timer.js';

/** What a queue needs of the vhost it stands in. */
export interface QueueSurroundings {
  readonly node: string;
  readonly clock: Clock;
  /** Routes a message that the queue gives up on to its dead letter exchange. */
  deadLetter(queue: LocalQueue, message: Message, reason: DeathReason): void;
  /** The queue asks to be deleted: unused too long, or its last consumer gone. */
  remove(queue: LocalQueue): void;
  policyOf(queue: LocalQueue): EffectivePolicy;
  /** For a queue that has its first mirror. */
  replicator(row: QueueRow): Replicator;
}

export class LocalQueue implements PlacedQueue {
  readonly counters: QueueCounters = queueCounters();
  readonly #ready: ReadyMessages;
  readonly #unacknowledged = new Map<number, Entry>();
  #unacknowledgedBytes = 0;
  readonly #consumers: ConsumerList;
  readonly #messageTimer: Timer;
  readonly #idleTimer: Timer;
  #nextPosition = 1;
  /** No message with a time to live was seen: expiry costs nothing. */
  #expires = false;
  /** Only while the queue has mirrors. */
  #replicator: Replicator | null = null;
  #persistent = 0;
  #persistentBytes = 0;
  #idleSince: number | null;
  #running = false;
  #gone = false;
  #successor: Queue | null = null;

  constructor(
    public row: QueueRow,
    private settings: QueueSettings,
    private readonly store: QueueStore,
    private readonly surroundings: QueueSurroundings,
  ) {
    this.#ready = new ReadyMessages(settings.maxPriority);
    this.#consumers = new ConsumerList(settings.singleActiveConsumer);
    this.#messageTimer = new Timer(surroundings.clock, () => this.#run());
    this.#idleTimer = new Timer(surroundings.clock, () => this.#unused());
    this.#idleSince = surroundings.clock.now();
    this.touch();
    this.#announceMirrors();
  }

  get deadLetterExchange(): string | null {
    return this.settings.deadLetterExchange;
  }

  get deadLetterRoutingKey(): string | null {
    return this.settings.deadLetterRoutingKey;
  }

  publish(message: Message, confirms: Confirms | null, sequence: number): void {
    if (this.#gone) return;
    if (this.settings.overflow !== 'drop-head' && this.#wouldOverflow(message)) {
      this.#refuse(message, confirms, sequence);
      return;
    }
    this.counters.publish++;
    const entry = new Entry(this.#nextPosition++, message, this.#expiryOf(message));
    const subscription = this.#ready.length === 0 ? this.#consumers.next() : null;
    if (subscription?.consumer.noAck) {
      this.#give(subscription, entry);
      return;
    }
    this.#keep(entry, confirms, sequence);
    if (subscription !== null) {
      this.#give(subscription, entry);
      return;
    }
    this.#ready.push(entry);
    this.#dropOverflow();
    if (this.#expires && this.#ready.peek() === entry) this.#dropExpired();
  }

  async consume(consumer: Consumer): Promise<void> {
    if (this.#gone) throw new AmqpError('NOT_FOUND', `no ${named('queue', this.row.name, this.row.vhost)}`);
    checkConsumerArguments(this.row, consumer.arguments);
    const taken = this.#consumers.hasExclusive() || (consumer.exclusive && this.#consumers.size > 0);
    if (taken || (consumer.exclusive && this.settings.singleActiveConsumer)) {
      const text = `${named('queue', this.row.name, this.row.vhost)} in exclusive use`;
      throw new AmqpError('ACCESS_REFUSED', text);
    }
    this.#consumers.add(consumer);
    this.#idleTimer.stop();
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
    this.#dropExpired();
    const entry = this.#ready.shift();
    if (entry === undefined) {
      this.counters.getEmpty++;
      return null;
    }
    const { position, message, redelivered } = entry;
    if (redelivered) this.counters.redeliver++;
    if (getter.noAck) {
      this.counters.getNoAck++;
      this.#forget(entry);
    } else {
      this.counters.get++;
      this.#hand(entry, getter, null);
    }
    this.#armMessageTimer();
    return { position, message, redelivered, remaining: this.#ready.length };
  }

  acknowledge(consumer: Consumer, position: number): void {
    const entry = this.#settle(consumer, position);
    if (entry === undefined) return;
    this.counters.ack++;
    this.#forget(entry);
    this.#released(entry.subscription);
  }

  requeue(consumer: Consumer, position: number): void {
    const entry = this.#settle(consumer, position);
    if (entry === undefined) return;
    const { subscription } = entry;
    entry.owner = null;
    entry.subscription = null;
    entry.redelivered = true;
    this.#replicator?.requeued(position);
    this.#ready.requeue(entry);
    this.#dropOverflow();
    if (subscription !== null) this.#consumers.unblock(subscription);
    this.#run();
  }

  reject(consumer: Consumer, position: number): void {
    const entry = this.#settle(consumer, position);
    if (entry === undefined) return;
    this.counters.ack++;
    this.#bury(entry, 'rejected');
    this.#released(entry.subscription);
  }

  async purge(): Promise<number> {
    const purged = this.#ready.length;
    if (this.#unacknowledged.size === 0) {
      this.store.removeAll();
      this.#replicator?.removeAll();
    } else {
      for (const entry of this.#ready) this.#forget(entry);
    }
    this.#ready.clear();
    this.#messageTimer.stop();
    return purged;
  }

  /** Asked for by queue.declare, active and passive: that counts as use (x-expires). */
  async counts(): Promise<QueueCounts> {
    this.touch();
    this.#dropExpired();
    return { messages: this.#ready.length, consumers: this.#consumers.size };
  }

  async info(): Promise<Record<string, unknown>> {
    return this.infoNow();
  }

  infoNow(): Record<string, unknown> {
    return queueInfo(this.#state());
  }

  /** Starts the time of x-expires anew. */
  touch(): void {
    this.#idleSince = this.surroundings.clock.now();
    if (this.settings.expires === Number.POSITIVE_INFINITY || this.#gone) this.#idleTimer.stop();
    else if (this.#consumers.size === 0) this.#idleTimer.restart(this.settings.expires);
  }

  /** Puts in what the store or the mirror had, in order of position; before anything is published. */
  recover(entries: readonly QueueEntry[]): void {
    for (const { position, message, expiresAt, redelivered } of entries) {
      const entry = new Entry(position, message, expiresAt);
      entry.redelivered = redelivered;
      if (this.row.durable && message.persistent) this.#counted(entry);
      if (expiresAt !== Number.POSITIVE_INFINITY) this.#expires = true;
      this.#ready.push(entry);
      this.#nextPosition = Math.max(this.#nextPosition, position + 1);
    }
    this.#announceMirrors();
    this.#dropOverflow();
    this.#run();
  }

  /** Policies changed. */
  configure(settings: QueueSettings): void {
    this.settings = settings;
    this.touch();
    this.#dropOverflow();
    this.#run();
  }

  rowChanged(row: QueueRow): void {
    const mirrorsChanged = row.mirrors.join() !== this.row.mirrors.join();
    this.row = row;
    if (mirrorsChanged) this.#announceMirrors();
  }

  succeededBy(successor: Queue): void {
    const consumers = [...this.#consumers.all()].map((subscription) => subscription.consumer);
    this.#end();
    this.#successor = successor;
    for (const consumer of consumers) {
      successor.consume(consumer).catch(() => consumer.cancelled(successor));
    }
  }

  deleted(): void {
    if (this.#gone) return;
    const consumers = [...this.#consumers.all()].map((subscription) => subscription.consumer);
    this.#end();
    this.store.drop();
    for (const consumer of consumers) consumer.cancelled(this);
  }

  /** The node stops: nothing is deleted, nobody is told. */
  close(): void {
    this.#end();
  }

  #end(): void {
    this.#gone = true;
    this.#messageTimer.stop();
    this.#idleTimer.stop();
    this.#consumers.clear();
    this.#ready.clear();
    this.#unacknowledged.clear();
    this.#unacknowledgedBytes = 0;
    this.#replicator?.close();
    this.#replicator = null;
  }

  /** Gives ready messages to consumers as long as there are both. */
  #run(): void {
    if (this.#running || this.#gone) return;
    this.#running = true;
    try {
      while (this.#ready.length > 0) {
        if (this.#expires) this.#dropExpired();
        if (this.#ready.length === 0) break;
        const subscription = this.#consumers.next();
        if (subscription === null) break;
        const entry = this.#ready.shift() as Entry;
        if (subscription.consumer.noAck) this.#forget(entry);
        this.#give(subscription, entry);
      }
    } finally {
      this.#running = false;
    }
    if (this.#expires) this.#armMessageTimer();
  }

  #give(subscription: Subscription, entry: Entry): void {
    const { consumer } = subscription;
    if (entry.redelivered) this.counters.redeliver++;
    if (consumer.noAck) {
      this.counters.deliverNoAck++;
    } else {
      this.counters.deliver++;
      subscription.unacknowledged++;
      this.#hand(entry, consumer, subscription);
    }
    consumer.deliver(this, entry.position, entry.message, entry.redelivered);
  }

  #hand(entry: Entry, owner: Consumer, subscription: Subscription | null): void {
    entry.owner = owner;
    entry.subscription = subscription;
    this.#unacknowledged.set(entry.position, entry);
    this.#unacknowledgedBytes += entry.message.body.length;
    if (entry.stored) this.store.delivered(entry.position);
    this.#replicator?.delivered(entry.position);
  }

  #settle(consumer: Consumer, position: number): Entry | undefined {
    const entry = this.#unacknowledged.get(position);
    if (entry === undefined || entry.owner !== consumer) return undefined;
    this.#unacknowledged.delete(position);
    this.#unacknowledgedBytes -= entry.message.body.length;
    if (entry.subscription !== null) entry.subscription.unacknowledged--;
    return entry;
  }

  #released(subscription: Subscription | null): void {
    if (subscription !== null && this.#consumers.unblock(subscription)) this.#run();
  }

  #keep(entry: Entry, confirms: Confirms | null, sequence: number): void {
    if (this.row.durable && entry.message.persistent) {
      this.#counted(entry);
      this.store.append(entry, confirms, sequence);
    }
    this.#replicator?.publish(entry, confirms, sequence);
  }

  #counted(entry: Entry): void {
    entry.stored = true;
    this.#persistent++;
    this.#persistentBytes += entry.message.body.length;
  }

  #forget(entry: Entry): void {
    if (entry.stored) {
      this.#persistent--;
      this.#persistentBytes -= entry.message.body.length;
      this.store.remove(entry.position);
    }
    this.#replicator?.remove(entry.position);
  }

  /** Gives up on an entry that is in neither collection any more. */
  #bury(entry: Entry, reason: DeathReason): void {
    if (this.settings.deadLetterExchange !== null) {
      this.surroundings.deadLetter(this, entry.message, reason);
    }
    this.#forget(entry);
  }

  #expiryOf(message: Message): number {
    const own = message.expiration < 0 ? Number.POSITIVE_INFINITY : message.expiration;
    const ttl = Math.min(own, this.settings.messageTtl);
    if (ttl === Number.POSITIVE_INFINITY) return ttl;
    this.#expires = true;
    return this.surroundings.clock.now() + ttl;
  }

  #dropExpired(): void {
    if (!this.#expires) return;
    let head = this.#ready.peek();
    while (head !== undefined && head.expiresAt !== Number.POSITIVE_INFINITY) {
      if (head.expiresAt > this.surroundings.clock.now()) break;
      this.#ready.shift();
      this.#bury(head, 'expired');
      head = this.#ready.peek();
    }
    this.#armMessageTimer();
  }

  #armMessageTimer(): void {
    const head = this.#ready.peek();
    if (head === undefined || head.expiresAt === Number.POSITIVE_INFINITY) this.#messageTimer.stop();
    else this.#messageTimer.at(head.expiresAt);
  }

  #wouldOverflow(message: Message): boolean {
    const { maxLength, maxLengthBytes } = this.settings;
    return this.#ready.length + 1 > maxLength || this.#ready.bytes + message.body.length > maxLengthBytes;
  }

  #refuse(message: Message, confirms: Confirms | null, sequence: number): void {
    if (this.settings.overflow === 'reject-publish-dlx' && this.settings.deadLetterExchange !== null) {
      this.surroundings.deadLetter(this, message, 'maxlen');
    }
    if (confirms === null) return;
    confirms.hold(sequence);
    confirms.refuse(sequence);
  }

  #dropOverflow(): void {
    const { maxLength, maxLengthBytes, overflow } = this.settings;
    if (overflow !== 'drop-head') return;
    while (this.#ready.length > maxLength || this.#ready.bytes > maxLengthBytes) {
      const entry = this.#ready.shift();
      if (entry === undefined) return;
      this.#bury(entry, 'maxlen');
    }
  }

  #unused(): void {
    if (!this.#gone && this.#consumers.size === 0) this.surroundings.remove(this);
  }

  #announceMirrors(): void {
    if (this.row.mirrors.length > 0) this.#replicator ??= this.surroundings.replicator(this.row);
    this.#replicator?.mirrors(this.row, () => this.#entries());
    if (this.row.mirrors.length > 0) return;
    this.#replicator?.close();
    this.#replicator = null;
  }

  *#entries(): IterableIterator<QueueEntry> {
    const all = [...this.#unacknowledged.values(), ...this.#ready];
    yield* all.sort((a, b) => a.position - b.position);
  }

  #state(): QueueState {
    const { policy, operatorPolicy, definition } = this.surroundings.policyOf(this);
    return {
      row: this.row,
      settings: this.settings,
      ready: this.#ready,
      unacknowledged: this.#unacknowledged.size,
      unacknowledgedBytes: this.#unacknowledgedBytes,
      persistent: this.#persistent,
      persistentBytes: this.#persistentBytes,
      consumers: this.#consumers,
      counters: this.counters,
      node: this.surroundings.node,
      policy: policy?.name ?? null,
      operatorPolicy: operatorPolicy?.name ?? null,
      definition,
      idleSince: this.#consumers.size > 0 ? null : this.#idleSince,
    };
  }
}
