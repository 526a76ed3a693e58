import { type FieldTable, field } from '../protocol/field-table.js';

const integers = new Set(['b', 'B', 's', 'u', 'I', 'i', 'l']);

/** x-priority, 0 when absent. The queue refuses a value of another type. */
export function consumerPriority(table: FieldTable): number {
  const priority = field(table, 'x-priority');
  return priority !== undefined && integers.has(priority.type) ? Number(priority.value) : 0;
}
