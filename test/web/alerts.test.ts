import { describe, expect, it } from 'vitest';
import { AlertLog, type Memory } from '../../src/web/alerts/log.js';
import { findingsOf } from '../../src/web/alerts/rules.js';
import type { Node, Queue } from '../../src/web/api-types.js';

const node = (more: Partial<Node> = {}): Node => ({ name: 'rabbit@a', running: true, ...more });
const queue = (more: Partial<Queue> = {}): Queue => ({
  name: 'q',
  vhost: '/',
  durable: true,
  auto_delete: false,
  arguments: {},
  state: 'running',
  ...more,
});
const ids = (nodes: Node[], queues: Queue[] = []) => findingsOf({ nodes, queues }).map(({ id }) => id);

describe('the rules', () => {
  it('find nothing where all is well', () => {
    const well = queue({
      consumers: 1,
      messages_details: { rate: 5 },
      slave_nodes: ['b'],
      synchronised_slave_nodes: ['b'],
    });
    const idle = queue({ name: 'idle', consumers: 0, messages_details: { rate: 0 } });
    expect(ids([node({ fd_used: 89, fd_total: 100, partitions: [] })], [well, idle])).toEqual([]);
  });

  it('find each thing that is wrong with a node', () => {
    expect(ids([node({ running: false, mem_alarm: true })])).toEqual(['node-down rabbit@a']);
    expect(ids([node({ partitions: ['rabbit@b'] })])).toEqual(['partition rabbit@a']);
    expect(ids([node({ mem_alarm: true, disk_free_alarm: true })])).toEqual([
      'memory-alarm rabbit@a',
      'disk-alarm rabbit@a',
    ]);
    expect(ids([node({ fd_used: 91, fd_total: 100, sockets_used: 10, sockets_total: 11 })])).toEqual([
      'file-descriptors rabbit@a',
      'sockets rabbit@a',
    ]);
    expect(ids([node({ being_drained: true })])).toEqual(['drained rabbit@a']);
  });

  it('find each thing that is wrong with a queue', () => {
    expect(ids([], [queue({ state: 'down' })])).toEqual(['queue-down / q']);
    expect(ids([], [queue({ consumers: 0, messages_details: { rate: 0.2 } })])).toEqual(['growing / q']);
    expect(ids([], [queue({ slave_nodes: ['b', 'c'], synchronised_slave_nodes: ['c'] })])).toEqual([
      'unsynchronised / q',
    ]);
    const quorum = (online: string[]) => queue({ type: 'quorum', members: ['a', 'b', 'c'], online });
    expect(ids([], [quorum(['a', 'b', 'c'])])).toEqual([]);
    expect(ids([], [quorum(['a', 'b'])])).toEqual(['quorum / q']);
  });

  it('put what is critical first', () => {
    const found = ids([node({ being_drained: true })], [queue({ state: 'down' })]);
    expect(found).toEqual(['queue-down / q', 'drained rabbit@a']);
  });
});

describe('the log', () => {
  const memory = (): Memory => {
    const kept = new Map<string, string>();
    return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
  };
  const down = findingsOf({ nodes: [node({ running: false })], queues: [] });

  it('keeps since when, and moves what is over to the past', () => {
    const log = new AlertLog(memory());
    log.observe(down, 1_000);
    log.observe(down, 2_000);
    expect(log.now).toMatchObject([{ id: 'node-down rabbit@a', since: 1_000 }]);
    log.observe([], 3_000);
    expect(log.now).toEqual([]);
    expect(log.past).toMatchObject([{ id: 'node-down rabbit@a', since: 1_000, until: 3_000 }]);
  });

  it('goes on after a reload', () => {
    const session = memory();
    new AlertLog(session).observe(down, 1_000);
    const again = new AlertLog(session);
    again.observe([], 2_000);
    expect(again.past).toMatchObject([{ since: 1_000, until: 2_000 }]);
  });

  it('begins anew where what was kept cannot be read', () => {
    const session = memory();
    session.setItem('warren.alerts', '{');
    expect(new AlertLog(session).now).toEqual([]);
  });
});
