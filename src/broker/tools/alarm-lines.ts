import type { AlarmFact } from '../control/node-control.js';

const sentences = { memory: 'Memory alarm', disk: 'Free disk space alarm' } as const;

export function alarmLine({ node, resource }: AlarmFact): string {
  return `${sentences[resource]} on node ${node}`;
}

export function alarmJson({ node, resource }: AlarmFact): Record<string, unknown> {
  return { node, resource, type: 'resource_limit' };
}
