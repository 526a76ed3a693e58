import { expect, test } from 'vitest';
import type { HostsContext } from '../../../src/phases/hosts/context.js';
import { preflight, stopOnFindings } from '../../../src/phases/hosts/preflight/preflight.js';
import { FakeCluster, threeNodes } from './fake-cluster.js';

const fiveHosts = `${threeNodes}
front_end:
  hosts:
    - {name: server4, address: 192.0.2.104}
    - {name: server5, address: 192.0.2.105}
  virtual_addresses: [192.0.2.110]
`;

type Amiss = (cluster: FakeCluster) => Partial<HostsContext> | undefined;

async function found(amiss: Amiss, text = fiveHosts): Promise<string[]> {
  const cluster = await FakeCluster.of(text);
  const options = amiss(cluster) ?? {};
  const { context } = await cluster.run([preflight], options);
  const known = context.findings.filter(({ code }) => code !== 'NAME_IS_LOOPBACK');
  for (const { next } of known) expect(next).not.toBe('');
  return known.map(({ host, code, weight }) => `${host} ${code} ${weight}`);
}

const on =
  (host: string, ...lines: string[]): Amiss =>
  (cluster) => {
    cluster.host(host).facts.push(...lines);
    return undefined;
  };

const base64 = (text: string) => Buffer.from(text).toString('base64');

test('blank hosts have nothing in the way', async () => {
  expect(await found(() => undefined)).toEqual([]);
});

test.each<[string, Amiss, string[]]>([
  [
    'a port that somebody has',
    on('server2', 'listener\t5672 0.0.0.0 nginx 99'),
    ['server2 PORT_TAKEN stops'],
  ],
  ['a port of HAProxy', on('server4', 'listener\t8100 * python3 99'), ['server4 PORT_TAKEN stops']],
  [
    'a virtual address that answers',
    on('server5', 'answers\t192.0.2.110'),
    ['server5 VIRTUAL_ADDRESS_TAKEN stops'],
  ],
  [
    'a node without its service',
    (cluster) => {
      cluster.host('server1').transport.answer(/^rabbitmqctl/, { status: 69, stderr: 'no such node' });
      return on('server1', 'listener\t25672 * beam.smp 99')(cluster);
    },
    ['server1 NODE_WITHOUT_SERVICE stops'],
  ],
  [
    'a node that hangs',
    (cluster) => {
      Object.assign(cluster.host('server1').installed(), { running: true, members: ['rabbit@server1'] });
      cluster.host('server1').transport.answer(/^rabbitmqctl/, { status: 69, stderr: 'timeout' });
      return undefined;
    },
    ['server1 NODE_SILENT stops'],
  ],
  [
    'a node that is partitioned from another',
    (cluster) => {
      const members = ['rabbit@server1', 'rabbit@server2', 'rabbit@server3'];
      for (const name of ['server1', 'server2', 'server3']) {
        Object.assign(cluster.host(name).installed(), { running: true, members });
      }
      cluster.host('server1').partitions = ['rabbit@server3'];
      return undefined;
    },
    ['server1 PARTITIONED stops'],
  ],
  [
    'nodes that run and do not see each other, of which they do not know themselves yet',
    (cluster) => {
      const members = ['rabbit@server1', 'rabbit@server2', 'rabbit@server3'];
      for (const name of ['server1', 'server2', 'server3']) {
        Object.assign(cluster.host(name).installed(), { running: true, members });
      }
      cluster.host('server3').sees = ['rabbit@server3'];
      return undefined;
    },
    ['server3 PARTITIONED stops'],
  ],
  [
    'data of another node',
    on('server1', `data\trabbit@old ${base64('{[rabbit@old],[rabbit@old]}.')}`),
    ['server1 OTHER_NODE_NAME stops'],
  ],
  [
    'data of another cluster, while the node is stopped',
    on('server1', `data\trabbit@server1 ${base64('{[rabbit@server1,rabbit@far],[]}.')}`),
    ['server1 OTHER_CLUSTER stops'],
  ],
  [
    'another RabbitMQ than the others',
    on('server1', 'package\trabbitmq-server 3.9.1-1 installed', 'package\terlang-base 1:25.2.3 installed'),
    ['server1 ERLANG_MISMATCH stops'],
  ],
])('%s', async (_, amiss, codes) => {
  expect(await found(amiss)).toEqual(codes);
});

test('everything on all hosts is told at once, and nothing is changed', async () => {
  const cluster = await FakeCluster.of(fiveHosts);
  cluster.host('server1').facts.push('listener\t5672 * nginx 9', 'listener\t15672 * nginx 9');
  cluster.host('server4').transport.fail(new Error('it is off'));
  await expect(cluster.run([preflight, stopOnFindings])).rejects.toMatchObject({
    code: 'PREFLIGHT',
    message: '3 things stand in the way on server4, server1; nothing was changed',
    report: {
      why: expect.stringMatching(/server4: .*off[\s\S]*server1: port 5672.*nginx[\s\S]*next: .*[\s\S]*15672/),
    },
  });
  expect(cluster.commands).toEqual([]);
});

test('a running node that holds something and is in no cluster, unless it is named', async () => {
  const amiss: Amiss = (cluster) => {
    for (const name of ['server1', 'server2', 'server3']) cluster.host(name).installed().running = true;
    const pair = ['rabbit@server1', 'rabbit@server2'];
    cluster.host('server1').members = pair;
    cluster.host('server2').members = pair;
    Object.assign(cluster.host('server3'), { members: ['rabbit@server3'], vhosts: ['/', 'precious'] });
    return undefined;
  };
  expect(await found(amiss)).toEqual(['server3 NODE_HOLDS_DATA stops']);
  const named: Amiss = (cluster) => ({ ...amiss(cluster), resettable: new Set(['server3']) });
  expect(await found(named)).toEqual([]);
});

test('a node that the others forgot while it was down is told how it begins anew', async () => {
  const amiss: Amiss = (cluster) => {
    const pair = ['rabbit@server1', 'rabbit@server2'];
    for (const name of ['server1', 'server2'])
      Object.assign(cluster.host(name).installed(), { running: true, members: pair });
    const all = [...pair, 'rabbit@server3'];
    Object.assign(cluster.host('server3').installed(), { members: all });
    cluster.host('server3').facts.push(`vhost\trabbit@server3 2 ${base64('/')}`);
    return undefined;
  };
  expect(await found(amiss)).toEqual(['server3 NODE_FORGOTTEN stops']);
});

test("a stopped node's own vhosts and queues count as well", async () => {
  const amiss: Amiss = (cluster) => {
    cluster.host('server1').installed().running = true;
    cluster.host('server1').members = ['rabbit@server1', 'rabbit@server2'];
    cluster
      .host('server3')
      .facts.push(
        `data\trabbit@server3 ${base64('{[rabbit@server3],[rabbit@server3]}.')}`,
        `vhost\trabbit@server3 2 ${base64('/')}`,
      );
    return undefined;
  };
  expect(await found(amiss)).toContain('server3 NODE_HOLDS_DATA stops');
});

test('a cookie that differs, and one that others can read, are put right by an apply', async () => {
  const amiss: Amiss = (cluster) => {
    const members = ['rabbit@server1', 'rabbit@server2', 'rabbit@server3'];
    for (const name of ['server1', 'server2', 'server3'])
      Object.assign(cluster.host(name).installed(), { members });
    const path = '/var/lib/rabbitmq/.erlang.cookie';
    cluster.host('server2').transport.place(path, 'OTHER', { mode: 0o400, owner: 'rabbitmq' });
    cluster.host('server3').transport.place(path, 'PACKAGECOOKIE', { mode: 0o644, owner: 'root' });
    return undefined;
  };
  expect(await found(amiss)).toEqual(['server2 COOKIE_DIFFERS note', 'server3 COOKIE_MODE note']);
});

test('a name that resolves to a loopback address is told with its line', async () => {
  const cluster = await FakeCluster.of(threeNodes);
  cluster.host('server1').facts.push('resolves\tserver1 127.0.1.1');
  const { context } = await cluster.run([preflight]);
  expect(context.findings).toEqual([
    expect.objectContaining({
      host: 'server1',
      code: 'NAME_IS_LOOPBACK',
      weight: 'note',
      problem: expect.stringContaining('/etc/hosts, line 2'),
    }),
  ]);
});

test.each([
  ['disk_free_limit.absolute: 20GB', 3],
  ['disk_free_limit.absolute: 9GiB', 3],
  ['disk_free_limit.absolute: 9GB', 0],
  ['disk_free_limit.relative: 3', 3],
  ['heartbeat: 30', 0],
])('less room on a disk than the limit at which publishers are blocked: %s', async (config, hosts) => {
  const findings = await found(() => undefined, `${threeNodes}rabbitmq: {config: {${config}}}\n`);
  expect(findings).toEqual(
    ['server1', 'server2', 'server3'].slice(0, hosts).map((host) => `${host} DISK_ALARM stops`),
  );
});

test('clocks that are apart, against the middle of all', async () => {
  const late: Amiss = (cluster) => {
    const { transport } = cluster.host('server2');
    const lines = cluster.host('server2').facts;
    lines.push('systemd\tyes');
    const before = transport.run.bind(transport);
    transport.run = async (...given) => {
      const result = await before(...given);
      return { ...result, stdout: result.stdout.replace(/^now\t.*/m, `now\t${cluster.seconds + 60}`) };
    };
    return undefined;
  };
  expect(await found(late)).toEqual(['server2 CLOCK_APART stops']);
});

test('ports that a firewall keeps from another host, and a virtual router id that somebody else has', async () => {
  const amiss: Amiss = (cluster) => {
    const asked = (input: string) => (address: string, port: number) => input.includes(`${address}/${port}`);
    cluster.host('server2').probe = (input) => {
      const asks = asked(input);
      expect(asks('192.0.2.101', 25672) && asks('192.0.2.103', 4369) && !asks('192.0.2.102', 4369)).toBe(
        true,
      );
      return 'blocked\t192.0.2.101/25672 no answer in 5 s\nblocked\t192.0.2.101/4369 no answer in 5 s\n';
    };
    cluster.host('server4').probe = (input) => {
      expect(asked(input)('192.0.2.103', 5672) && input.includes("own='192.0.2.104'")).toBe(true);
      return 'vrrp\t192.0.2.105 110\nvrrp\t192.0.2.7 110\nvrrp\t192.0.2.8 9\n';
    };
    cluster.host('server5').probe = () => 'deaf\tyes\n';
    return undefined;
  };
  expect(await found(amiss)).toEqual([
    'server2 PORT_BLOCKED stops',
    'server4 VRID_TAKEN stops',
    'server5 VRID_UNKNOWN note',
  ]);
});

test('nothing is tried that runs already', async () => {
  const amiss: Amiss = (cluster) => {
    const members = ['rabbit@server1', 'rabbit@server2', 'rabbit@server3'];
    for (const host of cluster.hosts.values()) {
      if (host.address < '192.0.2.104') Object.assign(host.installed(), { running: true, members });
      else
        host.facts.push(
          'service\tId=keepalived.service LoadState=loaded ActiveState=active SubState=running',
        );
      host.probe = () => {
        throw new Error('it was tried');
      };
    }
    return undefined;
  };
  expect(await found(amiss)).toEqual([]);
});
