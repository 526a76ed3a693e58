import { rate } from '../figures.js';
import { toBacklog, typed } from '../place.js';
import type { Rule } from '../rules/rule.js';
import { type QueueState, queueTitle, type Snapshot } from '../snapshot.js';
import { type Condition, holds, type Measure, standing } from './condition.js';

export const queueDepth: Condition = {
  title: 'a queue holds many messages',
  threshold: { key: 'above', unit: 'count', default: 10_000, meaning: 'messages' },
  measure: eachQueue(({ place }, queue, rule) => ({
    value: queue.messages,
    standing: standing(queue.messages, rule, 'above'),
    problem: `queue ${queueTitle(queue)} holds ${queue.messages} messages`,
    next: toBacklog(place),
  })),
};

export const queueGrowth: Condition = {
  title: 'a queue grows',
  threshold: { key: 'above', unit: 'count', default: 6_000, meaning: 'messages a minute' },
  measure: eachQueue(({ place }, queue, rule) => {
    const { growth } = queue.rates;
    const perMinute = growth === undefined ? undefined : growth * 60;
    return {
      value: perMinute,
      standing: standing(perMinute, rule, 'above'),
      problem: `queue ${queueTitle(queue)} grows by ${rate(growth ?? 0)}, and holds ${queue.messages} messages`,
      next: toBacklog(place),
    };
  }),
};

export const noConsumers: Condition = {
  title: 'a queue holds messages and has no consumer',
  threshold: { key: 'above', unit: 'count', default: 1_000, meaning: 'messages' },
  measure: eachQueue((_, queue, rule) => ({
    value: queue.messages,
    standing: queue.consumers ? 'under' : standing(queue.messages, rule, 'above'),
    problem: `queue ${queueTitle(queue)} holds ${queue.messages} messages and has no consumer`,
    next: 'start its consumers, or purge or delete the queue if nobody wants them',
  })),
};

export const unacknowledged: Condition = {
  title: 'consumers of a queue hold many messages without acknowledging them',
  threshold: { key: 'above', unit: 'count', default: 10_000, meaning: 'unacknowledged messages' },
  measure: eachQueue(({ place }, queue, rule) => ({
    value: queue.unacknowledged,
    standing: standing(queue.unacknowledged, rule, 'above'),
    problem: `consumers of queue ${queueTitle(queue)} hold ${queue.unacknowledged} messages unacknowledged`,
    next: `${toBacklog(place)}, then see that they acknowledge, and have a prefetch`,
  })),
};

const wellStates = new Set(['running', 'idle', 'flow', 'unknown', 'syncing']);

/** Whether clients can use it, by what its node says of it. */
export function usable({ state }: QueueState): boolean {
  return wellStates.has(state);
}

export const queueDown: Condition = {
  title: 'a queue cannot be used',
  measure: eachQueue((_, queue) => ({
    standing: holds(!usable(queue)),
    problem: `queue ${queueTitle(queue)} is ${queue.state}${queue.node ? `; its leader was on ${queue.node}` : ''}`,
    next: 'bring back the nodes that hold it: warren status shows which',
  })),
};

export const unsynchronisedMirrors: Condition = {
  title: 'a mirrored queue has mirrors that do not hold all of its messages',
  measure: eachQueue((_, queue) => {
    const behind = queue.type === 'classic' ? without(queue.members, queue.whole) : [];
    return {
      value: behind.length,
      standing: holds(behind.length > 0),
      problem: `queue ${queueTitle(queue)} is not synchronised on ${behind.join(', ')}: messages are lost if its leader fails`,
      next: `rabbitmqctl sync_queue ${inVhost(queue)}${queue.name}, or ha-sync-mode: automatic in its policy`,
    };
  }),
};

/** A Raft group works while more than half of its members do; at just that many, the next failure stops it. */
export const quorumAtRisk: Condition = {
  title: 'a quorum queue or stream stops working with the next node that fails',
  measure: eachQueue(({ place }, { type, members, whole, ...queue }) => {
    const majority = Math.floor(members.length / 2) + 1;
    const replicated = type === 'quorum' || type === 'stream';
    return {
      value: whole.length,
      standing: holds(replicated && members.length > 1 && whole.length <= majority),
      problem: `${type} queue ${queueTitle(queue)} has ${whole.length} of ${members.length} members online: ${
        whole.length < majority ? 'it does not work' : 'it stops working with the next that fails'
      }`,
      next: `bring back ${without(members, whole).join(', ') || 'a third member'}: ${typed(place, 'status')}`,
    };
  }),
};

type About = Omit<Measure, 'subject'>;

function eachQueue(
  about: (snapshot: Snapshot, queue: QueueState, rule: Rule) => About,
): Condition['measure'] {
  return (snapshot, rule) =>
    snapshot.queues
      ?.filter(({ vhost, name }) => (rule.vhost ?? vhost) === vhost && (rule.queue?.test(name) ?? true))
      .map((queue) => ({ subject: queueTitle(queue), ...about(snapshot, queue, rule) }));
}

function without(all: readonly string[], some: readonly string[]): string[] {
  return all.filter((one) => !some.includes(one));
}

function inVhost({ vhost }: QueueState): string {
  return vhost === '/' ? '' : `-p ${vhost} `;
}
