import { expect, test } from 'vitest';
import { drillText } from '../../src/view/lb-drill.js';
import { lbStatusText } from '../../src/view/lb-status.js';

const servers = [
  { server: 'server1', status: 'UP', sessions: 4 },
  { server: 'server2', status: 'DOWN', sessions: 0 },
];

test('each balancer has its own view', () => {
  const text = lbStatusText({
    cluster: 'notes',
    balancers: [
      {
        host: 'server4',
        haproxy: { active: 'active', version: '2.6.12' },
        keepalived: { active: 'active', version: '2.2.7' },
        servers,
        holds: ['192.0.2.110'],
      },
      { host: 'server5', problem: 'no SSH connection to server5', servers: [], holds: [] },
    ],
    addresses: [{ address: '192.0.2.110', holders: ['server4'] }],
  });
  expect(text).toContain(
    'server4   active 2.6.12  active 2.2.7  server1 UP (4), server2 DOWN (0)  192.0.2.110',
  );
  expect(text).toMatch(/^server5 .*no SSH connection to server5/m);
  expect(text).not.toContain('hold ');
});

test('an address that nobody has, or two have, is said in words', () => {
  const addresses = [
    { address: '192.0.2.110', holders: [] },
    { address: '192.0.2.111', holders: ['server4', 'server5'] },
  ];
  const text = lbStatusText({ cluster: 'notes', balancers: [], addresses });
  expect(text).toContain('Nobody holds 192.0.2.110.');
  expect(text).toContain('server4 and server5 hold 192.0.2.111 at the same time.');
});

test('a drill in two sentences', () => {
  const drill = {
    address: '192.0.2.110',
    watchedFrom: 'server1',
    stoppedOn: 'server4',
    tookOver: 'server5',
    awaySeconds: 0.93,
    awayOnReturnSeconds: 0,
    holder: 'server5',
  };
  expect(
    drillText(drill),
  ).toBe(`HAProxy stopped on server4: 192.0.2.110 answered server1 again after 0.93 s, from server5.
HAProxy started again: no second interruption, server5 has the address.`);
  expect(drillText({ ...drill, awayOnReturnSeconds: 1.2 })).toContain('1.2 s without an answer');
});
