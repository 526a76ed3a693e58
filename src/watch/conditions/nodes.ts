import { bytes, percent } from '../figures.js';
import { toRestart, toStart, typed } from '../place.js';
import type { Rule } from '../rules/rule.js';
import type { Level, NodeState, Snapshot } from '../snapshot.js';
import { type Condition, holds, type Measure, standing } from './condition.js';

export const nodeDown: Condition = {
  title: 'a node is down or does not answer',
  measure: eachNode(({ place }, node) => ({
    standing: holds(!node.up),
    problem: `node ${node.name} is down${node.reason ? `: ${node.reason}` : ''}`,
    next: toStart(place, node.name, node.reason === 'paused'),
  })),
};

export const noAnswer: Condition = {
  title: 'no management API tells the state of the cluster',
  measure: ({ blind, cluster, place }) => [
    {
      subject: cluster,
      standing: holds(blind !== undefined),
      problem: `the state of ${cluster} cannot be told: ${blind ?? 'it can'}`,
      next: place.kind === 'url' ? `curl ${place.url}/api/overview` : typed(place, 'status'),
    },
  ],
};

export const partition: Condition = {
  title: 'nodes have lost each other',
  measure: eachNode(({ place }, node) => ({
    standing: holds(node.partitions && node.partitions.length > 0),
    problem: `node ${node.name} is partitioned from ${(node.partitions ?? []).join(', ')}`,
    next: `choose the side to trust, then restart the nodes of the other: ${toRestart(place, node.name)}`,
  })),
};

export const alarm: Condition = {
  title: 'an alarm blocks all publishers',
  measure: (snapshot, rule) => [
    ...eachNode(({ place }, { name, memoryAlarm }) => ({
      subject: `memory on ${name}`,
      standing: holds(memoryAlarm),
      problem: `memory alarm on ${name}: publishers of the whole cluster are blocked`,
      next: `let consumers drain the queues: ${typed(place, 'backlog')}`,
    }))(snapshot, rule),
    ...eachNode((_, { name, diskAlarm, disk }) => ({
      subject: `disk on ${name}`,
      standing: holds(diskAlarm),
      problem: `disk alarm on ${name}: ${disk ? `${bytes(disk.value)} are free` : 'too little is free'}; publishers of the whole cluster are blocked`,
      next: `free space on ${name.replace(/^.*@/, '')}: df -h, then the alarm ends by itself`,
    }))(snapshot, rule),
  ],
};

export const memory: Condition = {
  title: 'a node uses much of the memory that it may use',
  threshold: { key: 'above', unit: 'percent', default: 80, meaning: 'of the limit that raises the alarm' },
  measure: share(
    'above',
    ({ memory: level }) => level,
    ({ name }, level, part) =>
      `node ${name} uses ${percent(part)} of the memory it may use (${bytes(level.value)} of ${bytes(level.limit)})`,
  ),
};

export const disk: Condition = {
  title: 'a node has little free disk space',
  threshold: { key: 'below', unit: 'percent', default: 200, meaning: 'of the limit that raises the alarm' },
  measure: share(
    'below',
    ({ disk: level }) => level,
    ({ name }, level) =>
      `node ${name} has ${bytes(level.value)} of disk left, and at ${bytes(level.limit)} it blocks publishers`,
  ),
};

export const fileDescriptors: Condition = {
  title: 'a node has opened many of the files and sockets that it may open',
  threshold: { key: 'above', unit: 'percent', default: 80, meaning: 'of what the system allows' },
  measure: share(
    'above',
    ({ fileDescriptors: level }) => level,
    ({ name }, level, part) =>
      `node ${name} has ${level.value} of ${level.limit} file descriptors open (${percent(part)}): at the end it takes no connection`,
  ),
};

type About = Omit<Measure, 'subject'> & { readonly subject?: string };

function eachNode(about: (snapshot: Snapshot, node: NodeState) => About) {
  return (snapshot: Snapshot, rule: Rule): Measure[] =>
    snapshot.nodes
      .filter(({ name }) => rule.node?.test(name) ?? true)
      .map((node) => ({ subject: node.name, ...about(snapshot, node) }));
}

function share(
  key: 'above' | 'below',
  read: (node: NodeState) => Level | undefined,
  tell: (node: NodeState, level: Level, part: number) => string,
): Condition['measure'] {
  return (snapshot, rule) =>
    eachNode(({ place }, node) => {
      const level = read(node);
      const part = level && level.limit > 0 ? (level.value * 100) / level.limit : undefined;
      return {
        value: part,
        standing: standing(part, rule, key),
        problem: level && part !== undefined ? tell(node, level, part) : `node ${node.name} tells nothing`,
        next: key === 'below' ? `free space on ${node.name.replace(/^.*@/, '')}: df -h` : typed(place, 'top'),
      };
    })(snapshot, rule);
}
