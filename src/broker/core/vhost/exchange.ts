import { type ExchangeCounters, exchangeCounters } from '../counters.js';
import type { BindingIndex } from '../exchange/binding-index.js';
import { exchangeType } from '../exchange/exchange-types.js';
import type { ExchangeRow } from '../metadata/rows.js';
import type { PlacedQueue } from '../ports.js';
import type { Queue } from '../queue-port.js';

/** A queue's place in the routing graph: it stays when the queue object is replaced by one of another kind. */
export interface QueueSlot {
  readonly kind: 'queue';
  readonly name: string;
  queue: PlacedQueue;
  /** The queue alone, as a route's answer. */
  alone: readonly Queue[];
}

export type Destination = QueueSlot | Exchange;

/** An exchange in the routing graph of its vhost. */
export class Exchange {
  readonly kind = 'exchange';
  readonly counters: ExchangeCounters = exchangeCounters();
  readonly index: BindingIndex<Destination>;
  /** Where messages go that no binding wants: the argument before the policy. */
  alternate: string | null = null;
  /** Does routing look at more than the routing key? Then answers cannot be kept by key. */
  readonly readsHeaders: boolean;
  /** Answers by routing key, good at the vhost's generation `routesAt`. */
  readonly routes = new Map<string, readonly Queue[]>();
  routesAt = -1;

  constructor(public row: ExchangeRow) {
    const type = exchangeType(row.type);
    if (type === undefined) throw new Error(`exchange '${row.name}': no exchange type '${row.type}' here`);
    this.index = type.createIndex<Destination>(row.arguments);
    this.readsHeaders = !['direct', 'fanout', 'topic'].includes(row.type);
  }

  get name(): string {
    return this.row.name;
  }
}
