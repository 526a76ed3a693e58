import type { NodeState, QueueState, Snapshot } from '../../src/watch/snapshot.js';

/** A cluster of three nodes where all is well, and what a test wants otherwise. */
export function snapshot(change: Partial<Snapshot> = {}): Snapshot {
  return {
    at: 0,
    cluster: 'c',
    place: { kind: 'local', cluster: 'c' },
    nodes: ['a', 'b', 'c'].map((name) => node({ name })),
    queues: [],
    certificates: [],
    ...change,
  };
}

export function node(change: Partial<NodeState> = {}): NodeState {
  return {
    name: 'a',
    up: true,
    version: '3.10.8',
    memory: { value: 10, limit: 100 },
    memoryAlarm: false,
    disk: { value: 1_000, limit: 100 },
    diskAlarm: false,
    fileDescriptors: { value: 10, limit: 100 },
    partitions: [],
    ...change,
  };
}

export function queue(change: Partial<QueueState> = {}): QueueState {
  return {
    vhost: '/',
    name: 'q',
    type: 'classic',
    state: 'running',
    node: 'a',
    messages: 0,
    ready: 0,
    unacknowledged: 0,
    consumers: 1,
    rates: {},
    members: ['a'],
    whole: ['a'],
    ...change,
  };
}
