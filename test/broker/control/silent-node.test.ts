/** A node that hangs (SIGSTOP, a stuck disk) keeps its links and answers nothing until net_ticktime is over. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { clusterHandlers } from '../../../src/broker/control/cluster-handlers.js';
import type { ControlContext } from '../../../src/broker/control/handler.js';
import { Tables } from '../../../src/broker/core/metadata/tables.js';

const answerOf = (node: string) => ({ node, listeners: [], partitions: [], maintenance: false });

function contextOf(silent: readonly string[]): ControlContext {
  const call = (node: string) =>
    silent.includes(node) ? new Promise<never>(() => {}) : Promise.resolve(answerOf(node));
  const peers = { self: 'a', running: () => ['a', 'b', 'c'], call, answer: () => {} };
  const admin = { tables: new Tables(), alarms: { active: () => [] } };
  return { peers, admin } as unknown as ControlContext;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('cluster_status answers without a node that hangs', async () => {
  const answer = Promise.resolve(clusterHandlers.cluster({}, contextOf(['b'])));
  await vi.advanceTimersByTimeAsync(5000);
  expect((await answer).answered.map(({ node }) => node)).toEqual(['a', 'c']);
});

it('cluster_status leaves no timer behind when all answer', async () => {
  await clusterHandlers.cluster({}, contextOf([]));
  expect(vi.getTimerCount()).toBe(0);
});
