/** The columns that a listing is asked for: operands, with or without commas between them. */
import { UsageError } from './exit-status.js';

export function columnsOf(operands: readonly string[], usual: readonly string[]): string[] {
  const asked = operands.flatMap((operand) => operand.split(',')).filter((column) => column !== '');
  return asked.length === 0 ? [...usual] : asked;
}

/** Throws UsageError. */
export function checkColumns(operands: readonly string[], known: readonly string[]): void {
  const unknown = columnsOf(operands, []).filter((column) => !known.includes(column));
  if (unknown.length > 0) throw new UsageError(`Info key(s) ${unknown.join(',')} are not supported`);
}
