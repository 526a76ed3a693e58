/**
 * Which rows outlive a restart: durable exchanges, durable queues that no connection owns, bindings between those
 * two, and every row of the other tables. Kept as the rows themselves, which the tables share.
 */
import type { BindingRow, Change, ExchangeRow, QueueRow } from '../core/metadata/rows.js';
import { keys } from '../core/metadata/rows.js';

export class DurableRows {
  readonly #rows = new Map<string, Change>();

  get size(): number {
    return this.#rows.size;
  }

  clear(): void {
    this.#rows.clear();
  }

  all(): Change[] {
    return [...this.#rows.values()];
  }

  /** Takes in the changes of one transaction; answers those that matter to the disk. */
  apply(changes: readonly Change[]): Change[] {
    const kept: Change[] = [];
    // A binding is judged by the exchange and queue that the same transaction may bring.
    for (const change of changes) if (change.table !== 'bindings') this.#apply(change, kept);
    for (const change of changes) if (change.table === 'bindings') this.#apply(change, kept);
    return kept;
  }

  #apply(change: Change, kept: Change[]): void {
    const id = `${change.table}\0${change.key}`;
    if (change.row !== null && this.#durable(change)) {
      this.#rows.set(id, change);
      kept.push(change);
    } else if (this.#rows.delete(id)) {
      kept.push({ table: change.table, key: change.key, row: null });
    }
  }

  #durable(change: Change): boolean {
    if (change.table === 'exchanges') return (change.row as ExchangeRow).durable;
    if (change.table === 'queues') {
      const row = change.row as QueueRow;
      return row.durable && row.exclusiveOwner === null;
    }
    if (change.table !== 'bindings') return true;
    const { vhost, source, destination, destinationKind } = change.row as BindingRow;
    const target =
      destinationKind === 'queue'
        ? `queues\0${keys.queue(vhost, destination)}`
        : `exchanges\0${keys.exchange(vhost, destination)}`;
    return this.#rows.has(`exchanges\0${keys.exchange(vhost, source)}`) && this.#rows.has(target);
  }
}
