/** Reading and changing the replicated metadata through a session, typed. */
import type { OperationArguments, OperationName, OperationResult } from '../core/metadata/operations.js';
import type { TableName, TableRows } from '../core/metadata/rows.js';
import type { Session } from './session.js';

export async function submit<N extends OperationName>(
  session: Session,
  operation: N,
  args: OperationArguments<N>,
): Promise<OperationResult<N>> {
  return (await session.ask('submit', { operation, args })) as OperationResult<N>;
}

/** With a vhost: refuses when there is no such vhost. */
export async function rowsOf<T extends TableName>(
  session: Session,
  table: T,
  vhost?: string,
): Promise<TableRows[T][]> {
  return (await session.ask('rows', vhost === undefined ? { table } : { table, vhost })) as TableRows[T][];
}
