import type { Paint } from './paint.js';

type Line =
  | {
      readonly kind: 'begun';
      readonly cluster: string;
      readonly rules: number;
      readonly state: string;
      readonly open: number;
    }
  | {
      readonly kind: 'event';
      readonly notification: { readonly event: string; readonly at: string; readonly next: string };
      readonly headline: string;
    }
  | { readonly kind: 'trouble'; readonly problem: string; readonly next: string };

/** A line for each event, with its time, as a log is read. */
export function monitorLine(line: Line, paint: Paint): string {
  switch (line.kind) {
    case 'begun':
      return `Watching cluster ${line.cluster} by ${line.rules} rules${line.open > 0 ? `, ${line.open} open before` : ''}; state in ${line.state}`;
    case 'trouble':
      return `${paint.bad('trouble')}: ${line.problem}; next: ${line.next}`;
    case 'event': {
      const { event, at, next } = line.notification;
      const colour = event === 'resolved' ? paint.good : paint.bad;
      return `${at} ${colour(line.headline)}${event === 'resolved' ? '' : `; next: ${next}`}`;
    }
  }
}
