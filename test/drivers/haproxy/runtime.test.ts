import { expect, test } from 'vitest';
import { parseServers, runningServers, setServerState } from '../../../src/drivers/haproxy/runtime.js';
import { FakeTransport } from '../../../src/drivers/transport/fake.js';

/** As HAProxy 2.6 prints them, with fewer columns: they go by name. */
const statistics = `# pxname,svname,scur,status,act,bck,check_status,type,
amqp,FRONTEND,3,OPEN,,,,0,
amqp,server1,2,UP,1,0,* L7OK,2,
amqp,server2,1,DOWN 1/2,0,1,L4TOUT,2,
amqp,BACKEND,3,UP,1,1,,1,
`;

test('the servers among the statistics', () => {
  expect(parseServers(statistics)).toEqual([
    { proxy: 'amqp', server: 'server1', status: 'UP', backup: false, sessions: 2, check: 'L7OK' },
    { proxy: 'amqp', server: 'server2', status: 'DOWN 1/2', backup: true, sessions: 1, check: 'L4TOUT' },
  ]);
  expect(parseServers('')).toEqual([]);
});

test('it is asked through its socket, by curl and standard input', async () => {
  const host = new FakeTransport('server4').answer(/^curl /, statistics);
  expect(await runningServers(host)).toHaveLength(2);
  const [asked] = host.log;
  expect(asked).toMatchObject({
    input: 'show stat\n',
    line: expect.stringContaining('/run/haproxy/admin.sock'),
  });
});

test('a server is drained; what HAProxy says against it is an error', async () => {
  const host = new FakeTransport('server4').answer(/^curl /, '\n');
  const server = { proxy: 'amqp', server: 'server1' };
  await setServerState(host, server, 'drain');
  expect(host.log[0]).toMatchObject({ input: 'set server amqp/server1 state drain\n' });
  host.answer(/^curl /, 'No such server.\n');
  await expect(setServerState(host, server, 'ready')).rejects.toThrow('No such server.');
});

test('a socket that is not there is an error with the host', async () => {
  const host = new FakeTransport('server4').answer(/^curl /, {
    status: 7,
    stderr: 'curl: (7) no such socket',
  });
  await expect(runningServers(host)).rejects.toMatchObject({
    report: { code: 'TOOL_FAILED', where: 'server4', message: expect.stringContaining('no such socket') },
  });
});
