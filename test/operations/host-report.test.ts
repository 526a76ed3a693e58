import { expect, test } from 'vitest';
import { hostReports } from '../../src/operations/host-report.js';
import type { HostsContext } from '../../src/phases/hosts/context.js';

const change = (phase: string, sentence: string) => ({ phase, sentence, host: 'server1' });
const started = (title: string) => ({ kind: 'started', title }) as const;
const done = (title: string) => ({ kind: 'done', title }) as const;

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
    putOff: [],
  } as unknown as HostsContext;
  const course = [
    started('Start the nodes'),
    started('Configure HAProxy'),
    done('Start the nodes'),
    done('Configure HAProxy'),
    started('Configure Keepalived'),
    done('Configure Keepalived'),
  ];
  const recorded = { changes: planned.slice(0, 2), finished: planned.slice(1, 2), course };
  expect(hostReports(context, planned, recorded)).toMatchObject([
    { done: ['start HAProxy'], begun: ['start rabbit@server1'], notDone: ['start Keepalived'] },
  ]);
});

test('interrupted, it lists what is left to do, and not what turned out needless', () => {
  const planned = [
    change('Configure RabbitMQ', 'write a'),
    change('Configure RabbitMQ', 'write b'),
    change('Restart', 'restart rabbit@server1'),
    change('Apply', 'make user app'),
    change('Spread', 'spread the leaders'),
  ];
  const context = {
    hosts: [{ name: 'server1', roles: ['broker'] }],
    failures: new Map(),
    putOff: [{ phase: 'Apply', waitsFor: ['server2'] }],
  } as unknown as HostsContext;
  const course = [
    started('Configure RabbitMQ'),
    done('Configure RabbitMQ'),
    started('Restart'),
    done('Restart'),
    started('Apply'),
    done('Apply'),
    started('Spread'),
  ];
  const made = planned.slice(0, 1);
  expect(hostReports(context, planned, { changes: made, finished: made, course })).toMatchObject([
    { done: ['write a'], begun: [], notDone: ['make user app', 'spread the leaders'] },
  ]);
});
