/**
 * This node's copy of the replicated metadata. Rows are only ever replaced whole, by `apply`, in the order of
 * the transactions' sequence, so whoever holds a row may compare it by identity to see whether it changed.
 * Listeners are told after all changes of a transaction are in.
 */
import type { BindingRow, Change, QueueRow, TableName, TableRows, Transaction } from './rows.js';
import { TableIndex } from './table-index.js';

type Rows = { [T in TableName]: Map<string, TableRows[T]> };

export class Tables {
  readonly rows: Rows = {
    nodes: new Map(),
    vhosts: new Map(),
    users: new Map(),
    permissions: new Map(),
    topicPermissions: new Map(),
    policies: new Map(),
    operatorPolicies: new Map(),
    parameters: new Map(),
    globalParameters: new Map(),
    exchanges: new Map(),
    queues: new Map(),
    bindings: new Map(),
  };
  readonly index = new TableIndex();
  /** Sequence of the last transaction applied. */
  sequence = 0;
  readonly #listeners: ((changes: readonly Change[]) => void)[] = [];

  get<T extends TableName>(table: T, key: string): TableRows[T] | undefined {
    return this.rows[table].get(key);
  }

  all<T extends TableName>(table: T): IterableIterator<TableRows[T]> {
    return this.rows[table].values();
  }

  apply(transaction: Transaction): void {
    for (const change of transaction.changes) this.#set(change);
    this.sequence = transaction.sequence;
    for (const listener of this.#listeners) listener(transaction.changes);
  }

  /** Everything, as puts: what a joining node is given. */
  snapshot(): Change[] {
    const changes: Change[] = [];
    for (const table of Object.keys(this.rows) as TableName[]) {
      for (const [key, row] of this.rows[table]) changes.push({ table, key, row } as Change);
    }
    return changes;
  }

  /** Replaces everything; listeners see the deletions and puts as one transaction. */
  replace(sequence: number, changes: readonly Change[]): void {
    const kept = new Set(changes.map((change) => `${change.table}\0${change.key}`));
    const gone = this.snapshot()
      .filter((change) => !kept.has(`${change.table}\0${change.key}`))
      .map((change) => ({ ...change, row: null }) as Change);
    this.apply({ sequence, changes: [...gone, ...changes] });
  }

  onChange(listener: (changes: readonly Change[]) => void): void {
    this.#listeners.push(listener);
  }

  #set(change: Change): void {
    const rows = this.rows[change.table] as Map<string, unknown>;
    if (change.table === 'bindings') {
      this.index.bindingChanged(rows.get(change.key) as BindingRow | undefined, change.row);
    } else if (change.table === 'queues') {
      this.index.queueChanged(rows.get(change.key) as QueueRow | undefined, change.row);
    }
    if (change.row === null) rows.delete(change.key);
    else rows.set(change.key, change.row);
  }
}
