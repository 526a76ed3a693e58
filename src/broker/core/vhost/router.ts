/**
 * From an exchange and a message to the queues that get it. Exchanges bound to exchanges are followed breadth
 * first, each once; an exchange none of whose bindings matches hands the message to its alternate exchange; each
 * queue gets the message once, however many ways lead there. The default exchange is not bound: its key is the
 * name of the queue.
 *
 * As long as only exchanges that route by key were asked, the answer depends on the key alone and is kept with
 * the exchange until anything in the vhost changes (its generation).
 */
import type { Message } from '../message.js';
import type { Queue } from '../queue-port.js';
import type { Destination, Exchange, QueueSlot } from './exchange.js';

/** Kept answers for one exchange; beyond it all are forgotten and kept anew. */
const KEPT_ROUTES = 2048;
const NONE: readonly Queue[] = [];

export interface RoutingGraph {
  readonly generation: number;
  readonly exchanges: ReadonlyMap<string, Exchange>;
  readonly slots: ReadonlyMap<string, QueueSlot>;
}

/** `copies`: further routing keys (CC and BCC). */
export function route(
  graph: RoutingGraph,
  exchange: Exchange,
  message: Message,
  copies: readonly string[] | null,
): readonly Queue[] {
  if (copies !== null) return walk(graph, exchange, message, [message.routingKey, ...copies]).queues;
  const key = message.routingKey;
  if (exchange.row.name === '') return graph.slots.get(key)?.alone ?? NONE;
  if (exchange.readsHeaders) return walk(graph, exchange, message, [key]).queues;
  if (exchange.routesAt !== graph.generation) {
    exchange.routes.clear();
    exchange.routesAt = graph.generation;
  }
  const kept = exchange.routes.get(key);
  if (kept !== undefined) return kept;
  const { queues, byKey } = walk(graph, exchange, message, [key]);
  if (byKey) {
    if (exchange.routes.size >= KEPT_ROUTES) exchange.routes.clear();
    exchange.routes.set(key, queues);
  }
  return queues;
}

function walk(graph: RoutingGraph, start: Exchange, message: Message, keys: readonly string[]) {
  const queues = new Set<Queue>();
  const seen = new Set<Exchange>([start]);
  let byKey = true;
  const found: Destination[] = [];
  for (const exchange of seen) {
    found.length = 0;
    if (exchange.readsHeaders) byKey = false;
    for (const key of keys) {
      if (exchange.row.name !== '') exchange.index.collect(message, key, found);
      else if (exchange === start) collectDefault(graph, key, found);
    }
    if (found.length === 0 && exchange.alternate !== null) {
      const alternate = graph.exchanges.get(exchange.alternate);
      if (alternate !== undefined) seen.add(alternate);
    }
    for (const destination of found) {
      if (destination.kind === 'queue') queues.add(destination.queue);
      else seen.add(destination);
    }
  }
  return { queues: [...queues] as readonly Queue[], byKey };
}

function collectDefault(graph: RoutingGraph, key: string, into: Destination[]): void {
  const slot = graph.slots.get(key);
  if (slot !== undefined) into.push(slot);
}
