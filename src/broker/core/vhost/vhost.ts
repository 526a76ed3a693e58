/**
 * One vhost as it lives on this node: the routing graph of exchanges and queues, following the replicated
 * tables, and the queue objects: local ones for queues led here, remote ones for the others. `generation` grows
 * with every change that may change where a message goes or who may send it.
 */

import type { LocalQueueView, VhostView } from '../admin-port.js';
import type { Tracer } from '../broker-port.js';
import { addTo, countGone, type GoneCounters, type VhostCounters, vhostCounters } from '../counters.js';
import { logged } from '../logged.js';
import type { Message } from '../message.js';
import { type EffectivePolicy, effectivePolicy } from '../metadata/effective-policy.js';
import type { BindingRow, ExchangeRow, QueueRow } from '../metadata/rows.js';
import type { Tables } from '../metadata/tables.js';
import { stringOf } from '../metadata/validation/field-types.js';
import type { Clock, Logger, MessageStore, PlacedQueue, QueueFactory } from '../ports.js';
import { type Death, type DeathReason, deadLettered, isDeathCycle } from '../queue/dead-letter.js';
import { LocalQueue } from '../queue/local-queue.js';
import type { Paging } from '../queue/paging.js';
import { queueSettings } from '../queue/queue-settings.js';
import type { QueueSurroundings } from '../queue/queue-surroundings.js';
import type { Queue } from '../queue-port.js';
import { takeCarbonCopies } from './carbon-copies.js';
import { type Destination, Exchange, type QueueSlot } from './exchange.js';
import { route } from './router.js';
import { createTracer, TRACE_EXCHANGE } from './tracer.js';

/** What every vhost of a node shares. */
export interface VhostSurroundings {
  readonly node: string;
  readonly tables: Tables;
  readonly store: MessageStore;
  readonly queues: QueueFactory;
  readonly clock: Clock;
  readonly paging: Paging;
  readonly logger: Logger;
  readonly gone: GoneCounters;
  /** Deletes a queue of this node's own accord (expired, auto-delete). */
  removeQueue(row: QueueRow): void;
}

export class Vhost implements VhostView {
  readonly exchangesByName = new Map<string, Exchange>();
  readonly slots = new Map<string, QueueSlot>();
  readonly counters: VhostCounters = vhostCounters();
  generation = 0;
  tracer: Tracer | null = null;
  readonly #queueSurroundings: QueueSurroundings;
  /** In force on what there is, until the policies change. */
  readonly #policies = {
    queues: new Map<string, EffectivePolicy>(),
    exchanges: new Map<string, EffectivePolicy>(),
  };
  readonly #loggedCycles = new Set<string>();

  constructor(
    readonly name: string,
    private readonly around: VhostSurroundings,
  ) {
    this.#queueSurroundings = {
      node: around.node,
      clock: around.clock,
      paging: around.paging,
      deadLetter: (queue, message, reason) => this.#deadLetter(queue, message, reason),
      remove: (queue) => around.removeQueue(queue.row),
      ended: (queue) => countGone(around.gone, queue.row.type, queue.counters),
      policyOf: (queue) => this.policyOf('queues', queue.row.name),
      replicator: (row) => around.queues.replicator(row),
    };
  }

  get tracing(): boolean {
    return this.tracer !== null;
  }

  setTracing(on: boolean): void {
    const publish = (message: Message) => {
      const exchange = this.exchangesByName.get(TRACE_EXCHANGE);
      if (exchange !== undefined) this.deliver(exchange, message);
    };
    this.tracer = on ? createTracer(this.around.node, this.name, publish) : null;
  }

  exchanges(): Iterable<Exchange> {
    return this.exchangesByName.values();
  }

  exchange(name: string): Exchange | undefined {
    return this.exchangesByName.get(name);
  }

  queue(name: string): PlacedQueue | undefined {
    return this.slots.get(name)?.queue;
  }

  *queues(): Iterable<Queue> {
    for (const slot of this.slots.values()) yield slot.queue;
  }

  *localQueues(): Iterable<LocalQueueView> {
    for (const { queue } of this.slots.values()) if (queue instanceof LocalQueue) yield queue;
  }

  policyOf(kind: 'queues' | 'exchanges', name: string): EffectivePolicy {
    const known = this.#policies[kind].get(name);
    if (known !== undefined) return known;
    const policy = effectivePolicy(this.around.tables, kind, this.name, name);
    if (kind === 'queues' ? this.slots.has(name) : this.exchangesByName.has(name)) {
      this.#policies[kind].set(name, policy);
    }
    return policy;
  }

  /** Routes and publishes a message that no client sent (dead letters, traces). */
  deliver(exchange: Exchange, message: Message): void {
    for (const queue of this.route(exchange, message)) queue.publish(message, null, 0);
  }

  route(exchange: Exchange, message: Message): readonly Queue[] {
    return route(this.#graph, exchange, message, takeCarbonCopies(message));
  }

  /** `fresh`: it was declared just now, so that the store cannot have anything of it. */
  putQueue(row: QueueRow, fresh: boolean): Promise<void> | null {
    this.generation++;
    const slot = this.slots.get(row.name);
    if (slot !== undefined && slot.queue.row.id === row.id) return this.#changeQueue(slot, row);
    slot?.queue.deleted();
    if (row.leader !== this.around.node) {
      this.#place(row.name, slot, this.around.queues.remote(row));
      return null;
    }
    const queue = this.#localQueue(row);
    this.#place(row.name, slot, queue);
    if (!fresh && row.durable) return queue.recover();
    queue.begin();
    return null;
  }

  removeQueue(name: string): void {
    this.generation++;
    const slot = this.slots.get(name);
    this.slots.delete(name);
    this.#policies.queues.delete(name);
    slot?.queue.deleted();
  }

  putExchange(row: ExchangeRow): void {
    this.generation++;
    const exchange = this.exchangesByName.get(row.name);
    if (exchange !== undefined) exchange.row = row;
    else this.exchangesByName.set(row.name, new Exchange(row));
    this.#refreshExchange(this.exchangesByName.get(row.name) as Exchange);
  }

  removeExchange(name: string): void {
    this.generation++;
    this.exchangesByName.delete(name);
    this.#policies.exchanges.delete(name);
  }

  putBinding(row: BindingRow): void {
    this.generation++;
    const source = this.exchangesByName.get(row.source);
    const destination = this.#destination(row);
    if (source !== undefined && destination !== undefined) source.index.add(row, destination);
  }

  removeBinding(row: BindingRow): void {
    this.generation++;
    this.exchangesByName.get(row.source)?.index.remove(row);
  }

  policiesChanged(): void {
    this.generation++;
    this.#policies.queues.clear();
    this.#policies.exchanges.clear();
    for (const exchange of this.exchangesByName.values()) this.#refreshExchange(exchange);
    for (const { queue } of this.slots.values()) {
      if (queue instanceof LocalQueue) queue.configure(this.#settings(queue.row));
    }
  }

  /** The vhost was deleted, with everything in it. */
  deleted(): void {
    this.generation++;
    for (const { queue } of this.slots.values()) queue.deleted();
    addTo(this.around.gone.vhosts, this.counters);
    this.slots.clear();
    this.exchangesByName.clear();
  }

  /** The node stops. */
  close(): void {
    for (const { queue } of this.slots.values()) if (queue instanceof LocalQueue) queue.close();
  }

  get #graph() {
    return { generation: this.generation, exchanges: this.exchangesByName, slots: this.slots };
  }

  #localQueue(row: QueueRow): LocalQueue {
    const store = this.around.store.queue(row.id);
    return new LocalQueue(row, this.#settings(row), store, this.#queueSurroundings);
  }

  #settings(row: QueueRow) {
    return queueSettings(row.arguments, this.policyOf('queues', row.name).definition);
  }

  /** The same queue with another row: another kind of object when the leader moved here or away. */
  #changeQueue(slot: QueueSlot, row: QueueRow): Promise<void> | null {
    const before = slot.queue;
    const local = row.leader === this.around.node;
    if (local === before instanceof LocalQueue) {
      before.rowChanged(row);
      return null;
    }
    if (!local) {
      this.#place(row.name, slot, this.around.queues.remote(row));
      before.succeededBy(slot.queue);
      const stays =
        row.mirrors.includes(this.around.node) || row.recoverableMirrors.includes(this.around.node);
      if (!stays) this.around.store.queue(row.id).drop();
      return null;
    }
    const queue = this.#localQueue(row);
    const held = this.around.queues.takeOver(row);
    const recovery = queue.recover(held ?? []);
    this.#place(row.name, slot, queue);
    before.succeededBy(queue);
    return recovery;
  }

  #place(name: string, slot: QueueSlot | undefined, queue: PlacedQueue): void {
    if (slot === undefined) {
      this.slots.set(name, { kind: 'queue', name, queue, alone: [queue] });
    } else {
      slot.queue = queue;
      slot.alone = [queue];
    }
  }

  #destination(row: BindingRow): Destination | undefined {
    return row.destinationKind === 'queue'
      ? this.slots.get(row.destination)
      : this.exchangesByName.get(row.destination);
  }

  #refreshExchange(exchange: Exchange): void {
    const argument = exchange.row.arguments.find(({ key }) => key === 'alternate-exchange');
    const policy = this.policyOf('exchanges', exchange.name).definition['alternate-exchange'];
    exchange.alternate = (argument && stringOf(argument)) ?? (typeof policy === 'string' ? policy : null);
  }

  #deadLetter(queue: LocalQueue, message: Message, reason: DeathReason): void {
    const { deadLetterExchange: name, deadLetterRoutingKey: routingKey } = queue.settings;
    const exchange = name === null ? undefined : this.exchangesByName.get(name);
    if (exchange === undefined) return;
    const now = this.around.clock.now();
    const death: Death = { reason, queue: queue.row.name, exchange: exchange.name, routingKey, now };
    const letter = deadLettered(message, death);
    for (const target of this.route(exchange, letter)) {
      if (reason !== 'rejected' && isDeathCycle(letter, target.row.name)) this.#logCycle(queue, target);
      else target.publish(letter, null, 0);
    }
  }

  #logCycle(from: Queue, to: Queue): void {
    const cycle = `${from.row.name}\0${to.row.name}`;
    if (this.#loggedCycles.has(cycle)) return;
    this.#loggedCycles.add(cycle);
    this.around.logger.warning(
      `Message dropped. Dead-letter queues cycle detected: queue '${logged(from.row.name)}' to queue ` +
        `'${logged(to.row.name)}' in vhost '${logged(this.name)}'. This cycle will NOT be reported again.`,
    );
  }
}
