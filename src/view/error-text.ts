import type { ErrorReport } from '../errors/warren-error.js';

/**
 * What happened, where, why, and what to type next:
 *
 *     error: port 5672, wanted for rabbit-1@localhost, is in use by beam.smp (pid 4242)
 *      next: warren up --port-base 5772
 */
export function errorText(report: ErrorReport): string {
  const lines = [row('error', report.message)];
  if (report.where) lines.push(row('where', report.where));
  if (report.why) lines.push(row('why', report.why));
  lines.push(row('next', report.next));
  return lines.join('\n');
}

const width = 'error'.length;

function row(label: string, text: string): string {
  const indent = ' '.repeat(width + 2);
  return `${label.padStart(width)}: ${text.split('\n').join(`\n${indent}`)}`;
}
