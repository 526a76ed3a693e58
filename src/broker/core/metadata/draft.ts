/**
 * The changes of one operation while it is being worked out: reads see what the operation has put and removed
 * so far, on top of the tables, which stay as they are until the transaction is applied.
 */
import { type BindingRow, type Change, keys, type TableName, type TableRows } from './rows.js';
import type { Tables } from './tables.js';

export class Draft {
  readonly #changes = new Map<string, Change>();

  constructor(readonly tables: Tables) {}

  get changes(): Change[] {
    return [...this.#changes.values()];
  }

  get<T extends TableName>(table: T, key: string): TableRows[T] | undefined {
    const change = this.#changes.get(`${table}\0${key}`);
    if (change === undefined) return this.tables.get(table, key);
    return (change.row ?? undefined) as TableRows[T] | undefined;
  }

  put<T extends TableName>(table: T, key: string, row: TableRows[T]): void {
    this.#changes.set(`${table}\0${key}`, { table, key, row } as Change);
  }

  remove(table: TableName, key: string): void {
    const drafted = `${table}\0${key}`;
    if (this.tables.get(table, key) === undefined) this.#changes.delete(drafted);
    else this.#changes.set(drafted, { table, key, row: null } as Change);
  }

  /** All rows of a table as they would be. */
  *all<T extends TableName>(table: T): IterableIterator<TableRows[T]> {
    for (const [key, row] of this.tables.rows[table]) {
      if (!this.#changes.has(`${table}\0${key}`)) yield row;
    }
    for (const change of this.#changes.values()) {
      if (change.table === table && change.row !== null) yield change.row as TableRows[T];
    }
  }

  bindingsFrom(vhost: string, exchange: string): BindingRow[] {
    return this.#live(
      this.tables.index.bindingsFrom(vhost, exchange),
      (row) => row.vhost === vhost && row.source === exchange,
    );
  }

  /** Without looking at more of them than needed. */
  hasBindingsFrom(vhost: string, exchange: string): boolean {
    for (const row of this.tables.index.bindingsFrom(vhost, exchange)) {
      if (this.get('bindings', keys.binding(row)) !== undefined) return true;
    }
    for (const { table, row } of this.#changes.values()) {
      if (table === 'bindings' && row !== null && row.vhost === vhost && row.source === exchange) return true;
    }
    return false;
  }

  bindingsTo(vhost: string, kind: BindingRow['destinationKind'], name: string): BindingRow[] {
    return this.#live(
      this.tables.index.bindingsTo(vhost, kind, name),
      (row) => row.vhost === vhost && row.destinationKind === kind && row.destination === name,
    );
  }

  #live(applied: Iterable<BindingRow>, wanted: (row: BindingRow) => boolean): BindingRow[] {
    const found: BindingRow[] = [];
    for (const row of applied) if (!this.#changes.has(`bindings\0${keys.binding(row)}`)) found.push(row);
    for (const change of this.#changes.values()) {
      if (change.table === 'bindings' && change.row !== null && wanted(change.row)) found.push(change.row);
    }
    return found;
  }
}
