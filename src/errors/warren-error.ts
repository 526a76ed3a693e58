import type { ErrorEntry } from './entry.js';
import { type ErrorCode, errorTable, type FactsOf } from './table.js';

/** What a report of an error holds, on a terminal and under `--json` alike. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly where?: string;
  readonly why?: string;
  readonly next: string;
  readonly exit: number;
}

/** Where it happened (node, host or file:line:column) and why, as far as known. */
export interface Circumstances {
  readonly where?: string | undefined;
  readonly why?: string | undefined;
  readonly cause?: unknown;
}

/** The one error class: raised with a code of the table and the facts that its sentences need. */
export class WarrenError extends Error {
  override readonly name = 'WarrenError';
  readonly code: ErrorCode;
  readonly report: ErrorReport;

  private constructor(code: ErrorCode, report: ErrorReport, cause: unknown) {
    super(report.message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.report = report;
  }

  static of<Code extends ErrorCode>(
    code: Code,
    facts: FactsOf<Code>,
    around: Circumstances = {},
  ): WarrenError {
    const entry = errorTable[code] as unknown as ErrorEntry<FactsOf<Code>>;
    const report: ErrorReport = {
      code,
      message: entry.message(facts),
      ...(around.where ? { where: around.where } : {}),
      ...(around.why ? { why: around.why } : {}),
      next: entry.next(facts),
      exit: entry.exit,
    };
    return new WarrenError(code, report, around.cause);
  }
}

/** Any thrown value as a report; what Warren did not raise itself is our bug (70). */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof WarrenError) return error.report;
  const problem = error instanceof Error ? error.message : String(error);
  return WarrenError.of('INTERNAL', { problem }).report;
}
