import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Outcome } from './control.js';
import { Lab } from './hosts.js';
import { whyNoLab } from './requirements.js';
import { Site, type SiteWish } from './site.js';

interface Finding {
  readonly host: string;
  readonly code: string;
  readonly problem: string;
  readonly next: string;
}

describe.skipIf(whyNoLab())('what check finds before anything is changed', () => {
  let lab: Lab;
  let site: Site;
  const wish: SiteWish = { brokers: [1, 2, 3, 5], balancers: [] };

  beforeAll(async () => {
    const installed = { image: 'installed' } as const;
    lab = await Lab.up({
      name: 'faults',
      hosts: [installed, installed, installed, installed, { disk: '64M' }],
    });
    await Promise.all([ownData(1), ownData(2), otherCluster()]);
    await lab.host(1).run(`ip route add prohibit ${lab.host(5).address}`);
    site = new Site(lab, wish);
  });
  afterAll(() => lab?.down());

  /** server1 and server2 are started each by itself, with a cookie and a vhost of its own. */
  async function ownData(number: number): Promise<void> {
    await lab.host(number).run(`systemctl start rabbitmq-server && rabbitmqctl add_vhost of-server${number}`);
  }

  /** server3 is in a cluster with server4, which the file does not name. */
  async function otherCluster(): Promise<void> {
    for (const number of [3, 4])
      await lab
        .host(number)
        .run(
          'echo "192.0.2.103 server3\n192.0.2.104 server4" >>/etc/hosts; echo -n THECOOKIEOFANOTHERCLUSTER >/var/lib/rabbitmq/.erlang.cookie; cd /var/lib/rabbitmq; chown rabbitmq: .erlang.cookie; chmod 400 .erlang.cookie; systemctl start rabbitmq-server',
        );
    await lab
      .host(3)
      .run('rabbitmqctl stop_app && rabbitmqctl join_cluster rabbit@server4 && rabbitmqctl start_app');
  }

  /** What stands on the hosts, apart from what logging in leaves behind. */
  async function state(): Promise<string[]> {
    const look =
      'sha256sum /etc/hosts /var/lib/rabbitmq/.erlang.cookie; dpkg --list; find /etc /usr/local /var/lib/rabbitmq -type f -newer /etc/machine-id | grep -v mnesia/ | sort; rabbitmqctl --quiet list_vhosts';
    return Promise.all(lab.hosts.map(async (host) => (await host.ssh(look)).stdout));
  }

  function findings({ stdout }: Outcome): Finding[] {
    return (JSON.parse(stdout) as { findings: Finding[] }).findings;
  }

  test('a wrong cookie, data of its own, another cluster, names of loopback, a full disk: all at once', async () => {
    const before = await state();
    const checked = await site.warren(['check', '--json']);
    expect(checked, checked.stderr).toMatchObject({ status: 78 });
    const found = findings(checked).map(({ host, code }) => `${host} ${code}`);
    expect(found).toEqual(
      expect.arrayContaining([
        'server1 NAME_IS_LOOPBACK',
        'server1 PORT_BLOCKED',
        'server2 COOKIE_DIFFERS',
        'server2 NODE_HOLDS_DATA',
        'server3 OTHER_CLUSTER',
        'server5 DISK_FULL',
      ]),
    );
    for (const { problem, next } of findings(checked)) expect([problem, next]).not.toContain('');
    const applied = await site.warren(['apply', '--yes']);
    expect(applied.status).toBe(78);
    expect(applied.stderr).toMatch(/server2: .*vhost of-server2/);
    expect(await state()).toEqual(before);
  });

  test('sudo that wants a password: found without one, and no matter with it', async () => {
    await lab.host(2).addUser('ops', { password: 'sesame street' });
    const as = (sudo: Record<string, unknown>) =>
      new Site(lab, { brokers: [2], balancers: [], ssh: { user: 'ops', ...sudo } }, 'sudo.yaml');
    const without = await as({}).warren(['check', '--json']);
    expect(without.status).not.toBe(0);
    expect(without.stdout + without.stderr).toMatch(/server2/);
    expect(without.stdout + without.stderr).toMatch(/sudo/);
    const given = await as({ sudo_password: 'env:SUDO' }).warren(['check', '--json'], {
      SUDO: 'sesame street',
    });
    expect(given, given.stderr).toMatchObject({ status: 0 });
  });

  test('a virtual router id that somebody else on the network has', async () => {
    const strange = 'vrrp_instance theirs {\n interface eth0\n virtual_router_id 77\n priority 100\n}\n';
    const other = lab.host(3);
    await other.run('cat >/root/theirs.conf', strange);
    await other.run('systemd-run --quiet --unit theirs keepalived -n -f /root/theirs.conf');
    await other.run('until journalctl -u theirs | grep -q "Entering MASTER"; do sleep 0.1; done');
    const frontEnd = { vrid: 77 };
    const checked = await new Site(lab, { brokers: [2], balancers: [4], frontEnd }, 'vrid.yaml').warren([
      'check',
      '--json',
    ]);
    const taken = findings(checked).find(({ code }) => code === 'VRID_TAKEN');
    expect(taken).toMatchObject({ host: 'server4', problem: expect.stringContaining(other.address) });
  });

  test('a host whose key has changed is not spoken to, and the line of known_hosts is named', async () => {
    await lab.host(4).changeHostKey();
    const changed = await new Site(lab, { brokers: [4], balancers: [] }, 'key.yaml').warren(['check']);
    expect(changed.status).not.toBe(0);
    expect(changed.stderr + changed.stdout).toContain(`${lab.control.knownHosts}:4`);
  });
});
