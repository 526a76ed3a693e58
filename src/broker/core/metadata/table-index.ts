/**
 * Which bindings leave an exchange, which arrive at a destination, which queues a connection owns: kept beside
 * the rows, so that an operation's cost does not depend on how much else there is. Sets are in order of arrival.
 */
import { type BindingRow, keys, type QueueRow } from './rows.js';

export class TableIndex {
  readonly #bySource = new Map<string, Set<BindingRow>>();
  readonly #byDestination = new Map<string, Set<BindingRow>>();
  readonly #byOwner = new Map<string, Set<QueueRow>>();

  bindingsFrom(vhost: string, exchange: string): Iterable<BindingRow> {
    return this.#bySource.get(keys.exchange(vhost, exchange)) ?? [];
  }

  bindingsTo(vhost: string, kind: BindingRow['destinationKind'], name: string): Iterable<BindingRow> {
    return this.#byDestination.get(destinationKey(vhost, kind, name)) ?? [];
  }

  exclusiveQueuesOf(connection: string): Iterable<QueueRow> {
    return this.#byOwner.get(connection) ?? [];
  }

  bindingChanged(before: BindingRow | undefined, after: BindingRow | null): void {
    if (before !== undefined) {
      take(this.#bySource, keys.exchange(before.vhost, before.source), before);
      take(this.#byDestination, destinationOf(before), before);
    }
    if (after !== null) {
      put(this.#bySource, keys.exchange(after.vhost, after.source), after);
      put(this.#byDestination, destinationOf(after), after);
    }
  }

  queueChanged(before: QueueRow | undefined, after: QueueRow | null): void {
    if (before?.exclusiveOwner != null) take(this.#byOwner, before.exclusiveOwner, before);
    if (after?.exclusiveOwner != null) put(this.#byOwner, after.exclusiveOwner, after);
  }
}

const destinationKey = (vhost: string, kind: string, name: string) => `${vhost}\0${kind}\0${name}`;
const destinationOf = (row: BindingRow) => destinationKey(row.vhost, row.destinationKind, row.destination);

function put<R>(index: Map<string, Set<R>>, key: string, row: R): void {
  const rows = index.get(key);
  if (rows === undefined) index.set(key, new Set([row]));
  else rows.add(row);
}

function take<R>(index: Map<string, Set<R>>, key: string, row: R): void {
  const rows = index.get(key);
  if (rows === undefined) return;
  rows.delete(row);
  if (rows.size === 0) index.delete(key);
}
