import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from './hosts.js';
import { labNames } from './record.js';
import { whyNoLab } from './requirements.js';

describe.skipIf(whyNoLab())('a lab of blank hosts', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.up({ name: 'harness', hosts: [{}, { image: 'installed', disk: '32M' }] });
  });
  afterAll(() => lab?.down());

  test('hosts have booted, know their names and see a folder of packages', async () => {
    const [first, second] = lab.hosts;
    expect(await first!.run('systemctl is-system-running --wait; hostname; cat /etc/hosts')).toBe(
      'running\nserver1\n127.0.0.1\tlocalhost\n127.0.1.1\tserver1\n',
    );
    expect(await first!.run('dpkg --list rabbitmq-server 2>/dev/null || echo none')).toBe('none\n');
    expect(await first!.run('apt-get -qq update && apt-cache policy rabbitmq-server')).toMatch(
      /Candidate: 3\.10\.8/,
    );
    expect(await second!.run('dpkg --status rabbitmq-server')).toContain('Status: install ok installed');
    expect((await second!.ssh('systemctl is-enabled rabbitmq-server haproxy keepalived')).stdout).toBe(
      'disabled\ndisabled\ndisabled\n',
    );
  });

  test('a small disk is full when it is full', async () => {
    const { status, stderr } = await lab.host(2).ssh('head -c 40M /dev/zero >/var/tmp/large');
    expect(status).not.toBe(0);
    expect(stderr).toContain('No space left on device');
    await lab.host(2).run('rm /var/tmp/large');
  });

  test('power off keeps the disk and ends everything else', async () => {
    const host = lab.host(1);
    await host.run('echo here >/root/note; sync; ip address add 192.0.2.200/24 dev eth0');
    await host.kill();
    expect((await host.ssh('true')).status).toBe(255);
    await host.start();
    expect(await host.run('cat /root/note')).toBe('here\n');
    expect(await host.run('ip -brief address show dev eth0')).not.toContain('192.0.2.200');
  });

  test('a cut cable is cut for everyone until it is mended', async () => {
    const [first, second] = lab.hosts;
    const ping = `ping -c1 -W1 ${first!.address}`;
    await first!.cut();
    expect((await second!.ssh(ping)).status).toBe(1);
    await first!.mend();
    await second!.run(`until ${ping}; do :; done`);
  });

  test('a frozen service stands still; it goes on where it stood', async () => {
    const host = lab.host(1);
    const state = 'ps -o stat= -p $(systemctl show --property MainPID --value cron-like)';
    await host.run('systemd-run --quiet --unit cron-like sleep 1000');
    await host.freeze('cron-like');
    expect(await host.run(state)).toMatch(/^T/);
    await host.thaw('cron-like');
    expect(await host.run(state)).toMatch(/^S/);
  });

  test('users with sudo as they were wished', async () => {
    const host = lab.host(1);
    await host.addUser('asked', { password: 'a pass word' });
    await host.addUser('free', 'without a password');
    await host.addUser('none', 'not at all');
    const as = (user: string, line: string, input = '') =>
      lab.control.run('ssh', [...lab.control.sshOptions(), `${user}@${host.address}`, line], { input });
    expect((await as('asked', 'sudo -n id -u')).stderr).toContain('a password is required');
    expect((await as('asked', "sudo -S -p '' id -u", 'a pass word\n')).stdout).toBe('0\n');
    expect((await as('free', 'sudo -n id -u')).stdout).toBe('0\n');
    expect((await as('none', 'id -u; sudo -n id -u')).stdout).toMatch(/^\d{4}\n$/);
  });

  test("the lab's known_hosts holds the hosts' keys, until one changes", async () => {
    const host = lab.host(1);
    const strict = [
      'StrictHostKeyChecking=yes',
      `UserKnownHostsFile=${lab.control.knownHosts}`,
      'BatchMode=yes',
    ];
    const options = ['-i', lab.control.key, ...strict.flatMap((word) => ['-o', word])];
    const login = () => lab.control.run('ssh', [...options, `root@${host.address}`, 'hostname']);
    expect((await login()).stdout).toBe('server1\n');
    await host.changeHostKey();
    expect((await login()).stderr).toContain('HOST IDENTIFICATION HAS CHANGED');
  });

  test('labs with the same addresses stand side by side; one whose owner died is cleared away', async () => {
    const owner = spawn(process.execPath, [path.join(import.meta.dirname, 'die-with-a-lab.js')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let words = '';
    owner.stderr.on('data', (chunk) => {
      words += chunk;
    });
    await once(owner, 'close');
    expect(words).toBe('');
    expect(labNames()).toContain('orphan');
    expect(await Lab.find('orphan').host(1).run('hostname')).toBe('server1\n');
    await Lab.clearLeftovers();
    expect(labNames()).not.toContain('orphan');
    expect(labNames()).toContain('harness');
    const { stdout } = await lab.control.run('ip', ['netns', 'list']);
    expect(stdout).not.toContain('warren-lab-orphan-');
  });
});
