import type { ErrorReport } from '../errors/warren-error.js';

/** The document that an error is under `--json`. */
export function documentOf(report: ErrorReport): { error: Omit<ErrorReport, 'exit'> & { status: number } } {
  const { exit, ...rest } = report;
  return { error: { ...rest, status: exit } };
}

/** Where in the program it arose, and what it was caused by. */
export function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by: ${error.cause.stack}` : '';
  return `${error.stack}${cause}`;
}
