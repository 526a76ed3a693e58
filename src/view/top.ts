import type { Paint } from './paint.js';
import { sparkline } from './sparkline.js';
import { table } from './table.js';

export interface TopFrame {
  readonly cluster: string;
  readonly at: number;
  readonly blind?: string | undefined;
  readonly nodes: readonly {
    readonly name: string;
    readonly up: boolean;
    readonly reason?: string | undefined;
    readonly memory: string;
    readonly disk: string;
    readonly fds: string;
    readonly uptime: string;
    readonly alarms: string;
  }[];
  readonly traffic: readonly {
    readonly what: string;
    readonly now: string;
    readonly past: readonly (number | undefined)[];
  }[];
  readonly totals: string;
  readonly queues: readonly {
    readonly title: string;
    readonly node: string;
    readonly ready?: number | undefined;
    readonly unacknowledged?: number | undefined;
    readonly consumers?: number | undefined;
    readonly incoming: string;
    readonly outgoing: string;
    readonly growth: string;
    readonly past: readonly (number | undefined)[];
  }[];
}

export interface TopSize {
  readonly columns: number;
  readonly rows: number;
}

/** One screen: the nodes, what flows, and as many queues as there is room for. */
export function topText(
  frame: TopFrame,
  { sort, paint, size }: { sort: string; paint: Paint; size: TopSize },
): string {
  const time = new Date(frame.at).toISOString().slice(11, 19);
  const head = [
    `Cluster ${frame.cluster}  ${time}Z  ${frame.totals}`,
    ...(frame.blind === undefined
      ? []
      : [paint.bad(`!! the state of the cluster cannot be told: ${frame.blind}`)]),
    '',
    ...nodeLines(frame, paint),
    '',
    ...frame.traffic.map(
      ({ what, now, past }) =>
        `${what.padEnd(13)}${now.padStart(9)}  ${sparkline(past, Math.min(60, size.columns - 26))}`,
    ),
    '',
  ];
  const room = Math.max(1, size.rows - head.length - 3);
  const shown = frame.queues.slice(0, room);
  const hidden = frame.queues.length - shown.length;
  const rest = hidden > 0 ? [`... and ${hidden} more`] : [];
  return [...head, ...queueLines(shown, sort), ...rest]
    .map((line) => cut(line, size.columns).trimEnd())
    .join('\n');
}

function nodeLines({ nodes }: TopFrame, paint: Paint): string[] {
  const rows = nodes.map(({ name, up, reason, memory, disk, fds, uptime, alarms }) => [
    name,
    up ? 'up' : `down: ${reason}`,
    memory,
    disk,
    fds,
    uptime,
    alarms,
  ]);
  const lines = table(['NODE', 'STATE', 'MEMORY', 'DISK FREE', 'FDS', 'UPTIME', 'ALARMS'], rows).split('\n');
  return lines.map((line, index) => (index > 0 && !nodes[index - 1]?.up ? paint.bad(line) : line));
}

function queueLines(queues: TopFrame['queues'], sort: string): string[] {
  if (queues.length === 0) return ['No queues.'];
  const rows = queues.map((queue) => [
    queue.title,
    queue.node,
    queue.ready ?? null,
    queue.unacknowledged ?? null,
    queue.consumers ?? null,
    queue.incoming,
    queue.outgoing,
    queue.growth,
    sparkline(queue.past, 12),
  ]);
  const headings = ['QUEUE', 'LEADER', 'READY', 'UNACKED', 'CONSUMERS', 'IN', 'OUT', 'GROWTH', 'DEPTH'];
  return table(
    headings.map((one) => (one.toLowerCase() === sort ? `${one}*` : one)),
    rows,
  ).split('\n');
}

/** What would wrap would tear the screen. A coloured line is left whole by its colours and cut by its text. */
function cut(line: string, columns: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  const bare = line.replace(/\u001b\[[\d;]*m/g, '');
  return bare.length <= columns ? line : `${bare.slice(0, columns - 1)}…`;
}
