import { expect, test } from 'vitest';
import { hostReports } from '../../src/operations/host-report.js';
import type { HostsContext } from '../../src/phases/hosts/context.js';

const change = (phase: string, sentence: string) => ({ phase, sentence, host: 'server1' });

test('of a host that is broker and balancer, what failed is not done, whatever was begun after it', () => {
  const planned = [
    change('Start the nodes', 'start rabbit@server1'),
    change('Configure HAProxy', 'start HAProxy'),
    change('Configure Keepalived', 'start Keepalived'),
  ];
  const report = { message: 'rabbitmq-server.service did not start', next: 'journalctl' };
  const context = {
    hosts: [{ name: 'server1', roles: ['broker', 'balancer'] }],
    failures: new Map([['server1', { phase: 'Start the nodes', report }]]),
  } as unknown as HostsContext;
  const done = { changes: planned.slice(0, 2), finished: planned.slice(1, 2) };
  expect(hostReports(context, planned, done)).toMatchObject([
    { done: ['start HAProxy'], begun: ['start rabbit@server1'], notDone: ['start Keepalived'] },
  ]);
});
