/**
 * Which nodes mirror a queue: RabbitMQ's `ha-mode` (all, exactly, nodes) of the policy that applies, over the
 * nodes that run. The leader stays where it is; mirrors that are already there are kept first, then nodes in the order in
 * which they came up. `exactly n` counts the leader. Exclusive queues are never mirrored.
 * Copies of quorum queues and streams are on their members.
 */
import { effectivePolicy } from './effective-policy.js';
import type { NodeRow, QueueRow } from './rows.js';

/** What placement reads; a Draft and Tables both offer it. */
export interface Placeable {
  all(table: 'nodes'): Iterable<NodeRow>;
}

export interface PolicySource {
  all(table: 'policies' | 'operatorPolicies'): Iterable<import('./rows.js').PolicyRow>;
}

/** Of a quorum queue whose declaration names no number. */
const usualMembers = 5;

/** The leader's node, running ones, then those that are down and come into it when they are up. */
export function initialMembers(row: QueueRow, asked: number | undefined, rows: Placeable): string[] {
  const running = runningNodes(rows);
  const down = [...rows.all('nodes')].filter((node) => !node.running).map((node) => node.name);
  return [...new Set([row.leader, ...running, ...down])].slice(0, asked ?? usualMembers);
}

function desiredMirrors(row: QueueRow, running: readonly string[], policies: PolicySource): string[] {
  if (row.exclusiveOwner !== null) return [];
  const candidates = running.filter((node) => node !== row.leader);
  if (row.type !== 'classic') {
    return row.members === undefined
      ? candidates.slice(0, usualMembers - 1)
      : candidates.filter((node) => row.members?.includes(node));
  }
  const { definition } = effectivePolicy(policies, 'queues', row.vhost, row.name);
  const params = definition['ha-params'];
  switch (definition['ha-mode']) {
    case 'all':
      return keepFirst(row.mirrors, candidates, candidates.length);
    case 'exactly':
      return keepFirst(row.mirrors, candidates, Math.max(0, Number(params) - 1));
    case 'nodes':
      return candidates.filter((node) => Array.isArray(params) && params.includes(node));
    default:
      return [];
  }
}

/** Running nodes, the oldest first. */
export function runningNodes(rows: Placeable): string[] {
  return [...rows.all('nodes')]
    .filter((node) => node.running)
    .sort((a, b) => a.upSequence - b.upSequence)
    .map((node) => node.name);
}

/** The row with its mirrors where policy wants them; the same row when nothing changes. */
export function placed(row: QueueRow, running: readonly string[], policies: PolicySource): QueueRow {
  const mirrors = desiredMirrors(row, running, policies);
  if (sameNodes(mirrors, row.mirrors)) return row;
  return {
    ...row,
    mirrors,
    syncedMirrors: row.syncedMirrors.filter((node) => mirrors.includes(node)),
    recoverableMirrors: row.recoverableMirrors.filter((node) => !mirrors.includes(node)),
  };
}

function keepFirst(current: readonly string[], candidates: readonly string[], count: number): string[] {
  const kept = current.filter((node) => candidates.includes(node));
  return [...kept, ...candidates.filter((node) => !kept.includes(node))].slice(0, count);
}

function sameNodes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((node, index) => node === b[index]);
}
