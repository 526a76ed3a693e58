import type { ErrorReport } from '../errors/warren-error.js';
import { visible } from './harmless.js';
import type { Paint } from './paint.js';

/**
 * What happened, where, why, and what to type next:
 *
 *     error: port 5672, wanted for rabbit-1@localhost, is in use by beam.smp (pid 4242)
 *      next: warren up --port-base 5772
 */
export function errorText(report: ErrorReport, paint: Paint): string {
  const lines = [row(paint.bad, 'error', report.message)];
  if (report.where) lines.push(row(paint.quiet, 'where', report.where));
  if (report.why) lines.push(row(paint.quiet, 'why', report.why));
  lines.push(row(paint.good, 'next', report.next));
  return lines.join('\n');
}

const width = 'error'.length;

function row(colour: (text: string) => string, label: string, text: string): string {
  const indent = ' '.repeat(width + 2);
  return `${colour(`${label.padStart(width)}:`)} ${visible(text).split('\n').join(`\n${indent}`)}`;
}
