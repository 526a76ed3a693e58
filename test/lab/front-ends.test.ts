import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readClusterFile } from '../../src/cluster-file/read.js';
import { ended } from '../commands/warren.js';
import { selfSigned, signedBy } from '../engines/certificates.js';
import { until } from '../engines/until.js';
import { load, lost, readAll, roundTrip } from './clients.js';
import { untilAgreed, untilAlone, untilAnswered, untilHeld } from './cluster-state.js';
import { holdersOf } from './holders.js';
import { Lab } from './hosts.js';
import { whyNoLab } from './requirements.js';
import { Site, soonNoticed } from './site.js';

const [one, two] = [Site.virtualAddress, '192.0.2.111'];

describe.skipIf(whyNoLab())('profile standby behind two active balancers', () => {
  let lab: Lab;
  let site: Site;
  beforeAll(async () => {
    lab = await Lab.up({ name: 'fronts', hosts: 4, image: 'installed' });
    await selfSigned(lab.folder, 'ca', '/CN=the lab');
    await certify('first');
    const [certificate, key, ca] = ['node.pem', 'node.key', 'ca.pem'].map((name) => `file:${kept(name)}`);
    site = new Site(lab, {
      brokers: [1, 2],
      balancers: [3, 4],
      virtualAddresses: [one, two],
      file: {
        rabbitmq: { ...soonNoticed.rabbitmq, tls: { certificate, key, ca } },
        profile: { name: 'standby', active: 'server1' },
      },
      frontEnd: { mode: 'active/active' },
    });
    const applied = await site.warren(['apply', '--yes']);
    expect(applied, applied.stderr + applied.stdout).toMatchObject({ status: 0 });
  });
  afterAll(() => lab?.down());

  const balancers = () => lab.hosts.slice(2);
  const kept = (name: string) => path.join(lab.folder, name);

  /** A certificate for all nodes, by the names that clients use. */
  const certify = (who: string) =>
    signedBy(lab.folder, 'ca', { name: 'node', subject: `/CN=${who}`, names: [`IP:${one}`, 'DNS:server1'] });

  /** Whose certificate is shown to one who trusts the CA. */
  async function shown(address: string, port: number): Promise<string | undefined> {
    const client = ['s_client', '-connect', `${address}:${port}`, '-CAfile', kept('ca.pem')];
    const { stdout } = await lab.control.run('openssl', [...client, '-verify_return_error']);
    return /^subject=CN = (\w+)$/m.exec(stdout)?.[1];
  }

  /** The nodes that clients of both virtual addresses are connected to. */
  async function connectedTo(): Promise<string[]> {
    const clients = await Promise.all(
      [one, two].map((address) => load(lab.control, site.url(address), 'who')),
    );
    const left = lab.hosts.slice(0, 2).find((host) => host.isOn)!;
    const listed = await left.run('rabbitmqctl --quiet list_connections --no-table-headers user pid');
    await Promise.all(clients.map((client) => client.stop()));
    const nodes = [...listed.matchAll(/^app\t<rabbit@(\w+)\./gm)].map(([, name]) => name!);
    expect(nodes.length).toBeGreaterThanOrEqual(2);
    return [...new Set(nodes)];
  }

  test('each balancer holds an address of its own; clients of both are sent to the active broker', async () => {
    await until('each balancer holds one address', async () => {
      const holders = await Promise.all([one, two].map((address) => holdersOf(address, balancers())));
      return holders.every((each) => each.length === 1) && holders[0]![0] !== holders[1]![0];
    });
    expect(await roundTrip(lab.control, site.url(one), 'by one')).toBe('by one');
    expect(await roundTrip(lab.control, site.url(two), 'by two')).toBe('by two');
    expect(await connectedTo()).toEqual(['server1']);
  });

  test('TLS through the virtual address; a renewed certificate is taken in, and no connection is cut', async () => {
    const url = site.url(one).replace('amqp:', 'amqps:').replace(':5672', ':5671');
    const client = await load(lab.control, url, 'secure', { NODE_EXTRA_CA_CERTS: kept('ca.pem') });
    const places = [one, lab.host(1).address, lab.host(2).address].flatMap((address) =>
      [5671, 15671].map((port) => [address, port] as const),
    );
    const everywhere = () => Promise.all(places.map(([address, port]) => shown(address, port)));
    expect(new Set(await everywhere())).toEqual(new Set(['first']));

    await certify('renewed');
    const planned = await site.warren(['plan', '--detailed-exitcode']);
    expect(planned).toMatchObject({ status: 2 });
    expect(planned.stdout).toContain('have rabbit@server2 take in its certificate');
    const applied = await site.warren(['apply']);
    expect(applied, applied.stderr + applied.stdout).toMatchObject({ status: 0 });
    expect(planned.stdout + applied.stdout + applied.stderr).not.toContain('PRIVATE KEY');
    expect(new Set(await everywhere())).toEqual(new Set(['renewed']));
    const { connections, published, confirmed } = await client.stop();
    expect({ connections, confirmed: confirmed.length }).toEqual({ connections: 1, confirmed: published });
  });

  test('imported, the cluster has TLS as it was', async () => {
    const [file, url] = [kept('imported.yaml'), `http://app@${lab.host(1).address}:15672`];
    const imported = await site.warren(['import', '--url', url, '--file', file], {
      WARREN_PASSWORD: 'app-secret',
    });
    expect(imported, imported.stderr).toMatchObject({ status: 0 });
    expect(imported.stderr).toContain('/etc/rabbitmq/tls/key.pem');
    const { rabbitmq, nodes, users } = await readClusterFile(file);
    const theirs = await readClusterFile(site.file);
    expect(users.map(({ name }) => name)).toEqual(['app']);
    expect(rabbitmq.tls).toEqual({ ...theirs.rabbitmq.tls, ca: kept('tls/ca.pem') });
    expect(nodes?.map(({ tls }) => tls?.certificate)).toEqual(Array(2).fill(kept('tls/certificate.pem')));
  });

  /** What one look of the monitor tells; each look is a program of its own that knows what was told before. */
  async function told(): Promise<string[]> {
    const looked = await site.warren(['monitor', '--once', '--ndjson', '--rules', kept('alerts.yaml')]);
    expect(looked, looked.stderr).toMatchObject({ status: expect.any(Number) });
    const events = looked.stdout.split('\n').filter((line) => line.startsWith('{'));
    return events.map((line) => {
      const { event, rule, subject } = JSON.parse(line) as Record<string, string>;
      return `${event} ${rule} ${subject}`;
    });
  }

  test('the monitor tells over SSH, once each: certificates, a cookie, a virtual address of two and of nobody', async () => {
    const rules = ['certificate_expires, within: 60d', 'cookie_mismatch', 'virtual_address'];
    writeFileSync(kept('alerts.yaml'), `rules:\n${rules.map((rule) => `  - { when: ${rule} }\n`).join('')}`);
    const listeners = [1, 2].flatMap((n) => [5671, 15671].map((port) => `${lab.host(n).address}:${port}`));
    expect((await told()).sort()).toEqual(
      listeners.map((where) => `fired certificate_expires ${where}`).sort(),
    );
    const cookie = '/var/lib/rabbitmq/.erlang.cookie';
    await lab.host(2).run(`cp -p ${cookie} /root/cookie; chmod 600 ${cookie}; echo -n OTHER >${cookie}`);
    const first = await untilHeld(balancers(), one);
    const second = balancers().find(({ name }) => name !== first.name)!;
    await second.run(`ip address add ${one}/32 dev lo`);
    expect((await told()).sort()).toEqual(['fired cookie_mismatch notes', `fired virtual_address ${one}`]);
    expect(await told()).toEqual([]);
    await lab.host(2).run(`cp -p /root/cookie ${cookie}`);
    await second.run(`ip address del ${one}/32 dev lo`);
    expect((await told()).sort()).toEqual([
      'resolved cookie_mismatch notes',
      `resolved virtual_address ${one}`,
    ]);
    await Promise.all(balancers().map((host) => host.run('systemctl stop keepalived')));
    expect((await told()).sort()).toEqual([one, two].map((address) => `fired virtual_address ${address}`));
    await Promise.all(balancers().map((host) => host.run('systemctl start keepalived')));
    await Promise.all([untilHeld(balancers(), one, lab.host(3)), untilHeld(balancers(), two, lab.host(4))]);
    expect((await told()).sort()).toEqual([one, two].map((address) => `resolved virtual_address ${address}`));
  });

  test('the dashboard leads to the hosts over SSH, opens a browser, and keeps the login to itself', async () => {
    const opened = kept('opened');
    writeFileSync(kept('xdg-open'), `#!/bin/sh\nprintf %s "$1" >${opened}\n`, { mode: 0o755 });
    const PATH = `${lab.folder}:${process.env.PATH}`;
    const serving = site.start(['dashboard', '--open'], { PATH });
    try {
      await until('the browser is opened', async () => existsSync(opened) && readFileSync(opened).length > 0);
      const url = readFileSync(opened, 'utf8');
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/);
      const asked = await lab.control.run('curl', ['-fsS', `${url}api/nodes?columns=name`]);
      expect(JSON.parse(asked.stdout)).toHaveLength(2);
      const seen = await lab.control.run('curl', ['-s', `${url}setup.json`, `${url}api/whoami`]);
      expect(seen.stdout).toContain(one);
      expect(seen.stdout).not.toContain('app-secret');
      const { status } = await lab.control.run('curl', ['-fs', `${new URL('/api/overview', url)}`]);
      expect(status).toBe(22);
    } finally {
      const over = ended(serving);
      serving.kill('SIGINT');
      expect(await over).toMatchObject({ status: 0 });
    }
  });

  test('a balancer powered off: the other one holds both addresses; each its own again when it is back', async () => {
    const [other, own] = [lab.host(3), lab.host(4)];
    await untilHeld(balancers(), two, own);
    await own.kill();
    await untilHeld([other], two);
    await untilAnswered(site, two);
    await untilHeld([other], one);
    await own.start();
    await untilHeld(balancers(), two, own);
    await untilHeld(balancers(), one, other);
    await untilAnswered(site, two);
  });

  test('the active broker powered off under publishing: the standby has all that was confirmed', async () => {
    const [active, standby] = lab.hosts as [Lab['hosts'][0], Lab['hosts'][0]];
    const publishing = await load(lab.control, site.url(one), 'standby');
    await active.kill();
    await untilAlone([standby]);
    await untilAnswered(site, one);
    expect(await connectedTo()).toEqual(['server2']);
    const report = await publishing.stop();
    expect(report.connections).toBeGreaterThan(1);
    expect(lost(report, await readAll(lab.control, site.url(one), 'standby'))).toEqual([]);
    await active.start();
    await untilAgreed(lab.hosts.slice(0, 2));
  });
});
