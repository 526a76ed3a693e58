import type { QueueView, StatusResult } from '../operations/status.js';
import { table } from './table.js';

/** Each node's own view of the cluster side by side, then the queues. */
export function statusText(status: StatusResult): string {
  const views = table(
    ['NODE', 'ANSWER', 'VERSION', 'SEES RUNNING', 'PARTITIONS', 'ALARMS'],
    status.views.map((view) => [
      view.node,
      view.answer,
      view.version ?? null,
      view.running ? shortNames(view.running) : null,
      view.partitions ? list(view.partitions) : null,
      view.alarms ? list(view.alarms) : null,
    ]),
  );
  const parts = [`Cluster ${status.cluster}`, views];
  const { problems } = status;
  if (problems.length > 0) parts.push('', ...problems.map((problem) => `!! ${problem}`));
  else if (!status.agree) parts.push('The nodes do not agree on which of them run.');
  if (!status.answered)
    return [...parts, 'No node answers; one that hangs makes the others wait for it.'].join('\n');
  parts.push('', status.queues.length === 0 ? 'No queues.' : queueTable(status.queues));
  return parts.join('\n');
}

function queueTable(queues: readonly QueueView[]): string {
  const rows = queues.map((queue) => [
    queue.vhost,
    queue.queue,
    queue.type,
    queue.state,
    queue.messages,
    queue.leader,
    queue.mirrors.length === 0
      ? null
      : queue.mirrors
          .map((mirror) =>
            queue.unsynchronised.includes(mirror) ? `${short(mirror)} (unsynchronised)` : short(mirror),
          )
          .join(' '),
  ]);
  return table(['VHOST', 'QUEUE', 'TYPE', 'STATE', 'MESSAGES', 'LEADER', 'MIRRORS'], rows);
}

function list(words: readonly string[]): string {
  return words.length === 0 ? 'none' : words.join(' ');
}

function shortNames(names: readonly string[]): string {
  return names.map(short).join(' ');
}

/** Nodes of this machine all end in @localhost: the part before it says which. */
function short(name: string): string {
  return name.replace(/@localhost$/, '');
}
