import type { Condition } from './condition.js';
import { certificateExpires, cookieMismatch, versionMismatch, virtualAddress } from './hosts.js';
import { alarm, disk, fileDescriptors, memory, noAnswer, nodeDown, partition } from './nodes.js';
import {
  noConsumers,
  queueDepth,
  queueDown,
  queueGrowth,
  quorumAtRisk,
  unacknowledged,
  unsynchronisedMirrors,
} from './queues.js';

/** Everything that a rule can watch for, by the name that the file has for it. */
export const conditions = {
  node_down: nodeDown,
  no_answer: noAnswer,
  partition,
  alarm,
  memory,
  disk,
  file_descriptors: fileDescriptors,
  queue_depth: queueDepth,
  queue_growth: queueGrowth,
  no_consumers: noConsumers,
  unacknowledged,
  queue_down: queueDown,
  unsynchronised_mirrors: unsynchronisedMirrors,
  quorum_at_risk: quorumAtRisk,
  certificate_expires: certificateExpires,
  cookie_mismatch: cookieMismatch,
  version_mismatch: versionMismatch,
  virtual_address: virtualAddress,
} as const satisfies Readonly<Record<string, Condition>>;

export type ConditionName = keyof typeof conditions;

export const conditionNames = Object.keys(conditions) as ConditionName[];

export function conditionOf(name: ConditionName): Condition {
  return conditions[name];
}
