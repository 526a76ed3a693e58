import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../engines/until.js';
import type { Host } from './host.js';
import { Lab } from './hosts.js';
import { labRepository } from './lab-repository.js';
import { reachFrom } from './reach-from.js';
import { whyNoLab } from './requirements.js';
import { Site } from './site.js';
import { watched } from './watched.js';

/** Holds dpkg's lock as a package tool does: by fcntl(2), which flock(1) does not speak. */
const otherTool = `
use Fcntl;
open(my $lock, ">>", "/var/lib/dpkg/lock-frontend") or die;
my $wish = pack("s s x4 q q i x4", F_WRLCK, 0, 0, 0, 0);
fcntl($lock, F_SETLK, $wish) or die;
open(my $held, ">", "/run/held");
sleep 1000;
`;

describe.skipIf(whyNoLab())('packages of real hosts', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.up({ name: 'packages', hosts: [{}, { disk: '24M' }] });
  });

  afterAll(() => lab?.down());

  async function install(host: Host, names: readonly string[], waitMs: number): Promise<unknown> {
    const { key, knownHosts } = lab.control;
    const target = { host: host.name, address: host.address, user: 'root', keys: [key], knownHosts };
    return (await reachFrom(lab.control, { target, steps: [{ install: names, waitMs }] }))[0];
  }

  test('wait for another tool, as long as they may', async () => {
    const host = lab.host(1);
    await host.run('cat >/root/other-tool', otherTool);
    await host.run('systemd-run --quiet --unit other-tool perl /root/other-tool');
    await host.run('for i in $(seq 100); do [ -e /run/held ] && exit; sleep 0.1; done; exit 1');
    expect(await install(host, ['psmisc'], 500)).toMatchObject({
      error: {
        code: 'PACKAGES_LOCKED',
        message: expect.stringMatching(/server1 .*process.* \d+/),
      },
    });
    const waiting = install(host, ['psmisc'], 60_000);
    await host.run('sleep 2; systemctl stop other-tool');
    expect(await waiting).toEqual([expect.stringMatching(/^server1: waiting for .*process.* \d+/)]);
  });

  test('start no service when they are installed, and leave no word against it', async () => {
    const host = lab.host(1);
    expect(await install(host, ['haproxy'], 0)).toEqual([]);
    expect((await host.ssh('systemctl is-active haproxy; systemctl is-enabled haproxy')).stdout).toBe(
      'inactive\nenabled\n',
    );
    expect((await host.ssh('ls /usr/sbin/policy-rc.d*')).stdout).toBe('');
  });

  test('go on after an installation that was broken off', async () => {
    const host = lab.host(1);
    await host.run('apt-get -qq download keepalived && dpkg --unpack --force-depends keepalived_*.deb');
    expect(await install(host, ['keepalived'], 0)).toEqual([]);
    expect((await host.ssh('dpkg --status keepalived')).stdout).toContain('Status: install ok installed');
  });

  test('come from a repository that the cluster file names, in the version that it names', async () => {
    const repository = await labRepository(lab);
    try {
      const apt = [{ uri: repository.uri, suite: './', key: `file:${repository.key}` }];
      const file = { profile: undefined, rabbitmq: { version: '3.10.8', source: { apt } } };
      const site = new Site(lab, { brokers: [1], balancers: [], file });
      const installed = await site.warren(['apply', '--yes', '--only', 'packages']);
      expect(installed, installed.stderr + installed.stdout).toMatchObject({ status: 0 });
      const policy = await lab.host(1).run('apt-cache policy rabbitmq-server');
      expect(policy).toContain(`Installed: ${repository.version}`);
      expect(policy).toContain(`${repository.newer} 500`);
      await lab.host(1).run('apt-get -qq -y upgrade');
      expect(await lab.host(1).run('apt-cache policy rabbitmq-server')).toEqual(policy);
      const again = await site.warren(['plan', '--only', 'packages', '--detailed-exitcode']);
      expect(again, again.stderr + again.stdout).toMatchObject({ status: 0 });
      await showsLogs(site);
      await forgetsNothing(site);
    } finally {
      repository.close();
    }
  });

  /** What is written while they are followed is shown, and Ctrl-C ends that. */
  async function showsLogs(site: Site): Promise<void> {
    const following = site.start(['logs', '--follow', '--lines', '0']);
    const ended = once(following, 'close');
    let shown = '';
    following.stdout!.on('data', (chunk) => {
      shown += chunk;
    });
    await until('a line is shown', async () => {
      await lab.host(1).run("echo 'it hopped' >>/var/log/rabbitmq/rabbit@server1.log");
      return shown.includes('server1 | it hopped\n');
    });
    following.kill('SIGINT');
    expect((await ended)[0]).toBe(130);
  }

  /** Packages of a run that was killed are known to be its own all the same. */
  async function forgetsNothing(site: Site): Promise<void> {
    const host = lab.host(1);
    await host.run('apt-get -qq -y purge rabbitmq-server; rm /var/log/warren/audit.log');
    const killed = watched(site.start(['apply', '--yes', '--only', 'packages']), (title, { kill }) => {
      if (title === 'Install packages') kill();
    });
    expect((await killed.ended).status).toBe(null);
    // Whether the installation outlives who asked for it is not the question here.
    const settled = 'while pgrep -x apt-get >/dev/null; do sleep 0.2; done; dpkg --configure -a';
    await host.run(`${settled}; apt-get -qq -y install rabbitmq-server`);
    const destroyed = await site.warren(['destroy', '--purge', '--confirm', 'notes']);
    expect(destroyed, destroyed.stderr + destroyed.stdout).toMatchObject({ status: 0 });
    expect((await host.ssh('dpkg --status rabbitmq-server')).stdout).not.toContain('install ok installed');
    expect((await host.ssh('ls -d /etc/apt/sources.list.d/warren.sources /etc/warren')).stdout).toBe('');
  }

  test('say what is not known, and that a disk is full', async () => {
    expect(await install(lab.host(1), ['no-such-package', 'psmisc'], 0)).toMatchObject({
      error: { code: 'PACKAGE_NOT_FOUND', message: 'server1 knows no package no-such-package' },
    });
    expect(await install(lab.host(2), ['rabbitmq-server'], 0)).toMatchObject({
      error: { code: 'PACKAGES_NO_SPACE', message: expect.stringContaining('server2 has no space left') },
    });
  });
});
