/**
 * The rows of a table by virtual host and name, kept while the metadata stays: sorting thousands costs more than a
 * page of them. After a change the rows that are still there are in their order already, and the sort has little
 * to do but to put the new ones between them.
 */
import type { TableName, TableRows } from '../core/metadata/rows.js';
import type { Tables } from '../core/metadata/tables.js';

type Named = {
  [T in TableName]: TableRows[T] extends { vhost: string; name: string } ? T : never;
}[TableName];

export class OrderedRows<T extends Named> {
  readonly #tables: Tables;
  readonly #table: T;
  #rows: TableRows[T][] = [];
  #sequence = -1;

  constructor(tables: Tables, table: T) {
    this.#tables = tables;
    this.#table = table;
  }

  get rows(): readonly TableRows[T][] {
    if (this.#tables.sequence !== this.#sequence) {
      const current = new Set<TableRows[T]>(this.#tables.all(this.#table));
      const kept = this.#rows.filter((row) => current.delete(row));
      this.#rows = [...kept, ...current].sort((a, b) => order(a.vhost, b.vhost) || order(a.name, b.name));
      this.#sequence = this.#tables.sequence;
    }
    return this.#rows;
  }
}

const order = (a: string, b: string) => (a < b ? -1 : a === b ? 0 : 1);
