import type { OperationContext, Outcome } from './operation.js';
import {
  type OperationArguments,
  type OperationName,
  type OperationResult,
  operations,
} from './operations.js';
import type { Tables } from './tables.js';

/** Runs one operation by name: what to change and what to answer, or a refusal thrown. Changes nothing itself. */
export function runOperation<N extends OperationName>(
  tables: Tables,
  name: N,
  args: OperationArguments<N>,
  context: OperationContext,
): Outcome<OperationResult<N>> {
  const operation = operations[name] as unknown as (
    tables: Tables,
    args: OperationArguments<N>,
    context: OperationContext,
  ) => Outcome<OperationResult<N>>;
  return operation(tables, args, context);
}
