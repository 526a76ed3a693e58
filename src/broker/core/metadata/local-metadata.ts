/**
 * The metadata of a node that is alone: operations run here, one after the other in the order of `submit`. A
 * transaction is applied to the tables at once, so that the next operation sees it, and `submit` resolves when
 * it is also on disk. An operation without changes costs no disk write.
 */
import type { Metadata, MetadataLog } from '../ports.js';
import type { OperationContext } from './operation.js';
import type { OperationArguments, OperationName, OperationResult } from './operations.js';
import { runOperation } from './run-operation.js';
import { Tables } from './tables.js';

export class LocalMetadata implements Metadata {
  readonly tables = new Tables();

  constructor(
    private readonly log: MetadataLog | null,
    private readonly context: () => OperationContext,
  ) {}

  /** False on a blank node. */
  async load(): Promise<boolean> {
    const known = (await this.log?.load()) ?? null;
    if (known === null) return false;
    this.tables.replace(known.sequence, known.changes);
    return true;
  }

  async submit<N extends OperationName>(name: N, args: OperationArguments<N>): Promise<OperationResult<N>> {
    const { changes, result } = runOperation(this.tables, name, args, this.context());
    if (changes.length > 0) {
      const transaction = { sequence: this.tables.sequence + 1, changes };
      this.tables.apply(transaction);
      await this.log?.append(transaction);
    }
    return result;
  }
}
