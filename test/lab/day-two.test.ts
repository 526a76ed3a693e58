import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LoadReport, load, lost, type Running, readAll } from './clients.js';
import { agreed, untilAgreed, untilAlone, views } from './cluster-state.js';
import { Lab } from './hosts.js';
import { whyNoLab } from './requirements.js';
import { Site, soonNoticed } from './site.js';

describe.skipIf(whyNoLab())('day two, with a client that publishes all the while', () => {
  let lab: Lab;
  let site: Site;
  let publishing: Running<LoadReport>;
  beforeAll(async () => {
    lab = await Lab.up({ name: 'daytwo', hosts: 5, image: 'installed' });
    has(1, 2, 3);
    await succeeds('apply', '--yes');
    publishing = await load(lab.control, site.url(), 'all-the-while');
  });
  afterAll(async () => {
    await publishing?.stop();
    await lab?.down();
  });

  /** Writes the cluster file anew, with these brokers. */
  function has(...numbers: number[]): void {
    site = new Site(lab, { brokers: numbers, balancers: [5], file: soonNoticed });
  }

  async function succeeds(...words: string[]): Promise<string> {
    const outcome = await site.warren(words);
    expect(outcome, `${words.join(' ')}\n${outcome.stderr}${outcome.stdout}`).toMatchObject({ status: 0 });
    return outcome.stdout;
  }

  const brokers = (...numbers: number[]) => numbers.map((number) => lab.host(number));
  const cookies = () =>
    Promise.all(brokers(1, 2, 3, 4).map((host) => host.run('sha256sum /var/lib/rabbitmq/.erlang.cookie')));

  /** The brokers that HAProxy sends clients to, as its file has them. */
  async function balanced(): Promise<string[]> {
    const text = await lab.host(5).run('cat /etc/haproxy/haproxy.cfg');
    return [...new Set([...text.matchAll(/^\s+server (\S+) /gm)].map(([, name]) => name!))].toSorted();
  }

  test('a fourth node is added', async () => {
    has(1, 2, 3, 4);
    await succeeds('node', 'add', 'server4', '--yes');
    expect(await views(brokers(1, 2, 3, 4))).toEqual(agreed(brokers(1, 2, 3, 4)));
    expect(await balanced()).toEqual(['server1', 'server2', 'server3', 'server4']);
  });

  test('the cookie is rotated, and a client that is connected stays so', async () => {
    const before = await cookies();
    const connected = await load(lab.control, site.url(), 'connected');
    await succeeds('cookie', 'rotate', '--yes');
    const { connections, published, confirmed } = await connected.stop();
    expect({ connections, confirmed: confirmed.length }).toEqual({ connections: 1, confirmed: published });
    const after = await cookies();
    expect(new Set(after).size).toBe(1);
    expect(after[0]).not.toBe(before[0]);
    await succeeds('cookie', 'check');
  });

  test('a node with another cookie is given that of the others', async () => {
    const cookie = '/var/lib/rabbitmq/.erlang.cookie';
    const file = `chmod 600 ${cookie}; printf OFSOMEBODYELSE >${cookie}; chmod 400 ${cookie}`;
    await lab.host(4).run(file);
    expect((await site.warren(['cookie', 'check'])).status).not.toBe(0);
    await succeeds('cookie', 'distribute', '--from', 'server1', '--yes');
    expect(new Set(await cookies()).size).toBe(1);
    await untilAgreed(brokers(1, 2, 3, 4));
  });

  test('one that died for good is replaced by another host of the same name', async () => {
    await lab.host(2).kill();
    await untilAlone(brokers(1, 3, 4));
    await lab.renew(lab.host(2));
    await succeeds('node', 'replace', 'server2', '--yes');
    expect(await views(brokers(1, 2, 3, 4))).toEqual(agreed(brokers(1, 2, 3, 4)));
    expect(new Set(await cookies()).size).toBe(1);
  });

  test('one is restarted', async () => {
    const startOf = () => lab.host(3).run('systemctl show --property MainPID rabbitmq-server');
    const before = await startOf();
    await succeeds('node', 'restart', 'server3', '--yes');
    expect(await startOf()).not.toBe(before);
    await untilAgreed(brokers(1, 2, 3, 4));
  });

  test('one is removed: neither the others nor the balancer know it any more', async () => {
    await succeeds('node', 'remove', 'server4', '--yes');
    has(1, 2, 3);
    expect(await views(brokers(1, 2, 3))).toEqual(agreed(brokers(1, 2, 3)));
    expect(await balanced()).toEqual(['server1', 'server2', 'server3']);
    expect(await lab.host(4).run('ls /var/lib/rabbitmq/mnesia')).toBe('');
  });

  test('one whose host is dead is forgotten, and then removed', async () => {
    await lab.host(3).kill();
    await untilAlone(brokers(1, 2));
    await succeeds('node', 'forget', 'server3', '--yes');
    expect(await views(brokers(1, 2))).toEqual(agreed(brokers(1, 2)));
    await succeeds('node', 'remove', 'server3', '--yes');
    // Both are restarted, one after the other: neither stops serving because it is alone meanwhile.
    const log = await Promise.all(brokers(1, 2).map((host) => host.run('cat /var/log/rabbitmq/rabbit*.log')));
    expect(
      log
        .join('')
        .split('\n')
        .filter((line) => /minority.*awaiting recovery/i.test(line)),
    ).toEqual([]);
    has(1, 2);
    expect(await balanced()).toEqual(['server1', 'server2']);
  });

  test('nothing that was confirmed is lost, the nodes agree, and apply has nothing to do', async () => {
    const report = await publishing.stop();
    expect(report.confirmed.length).toBeGreaterThan(0);
    expect(lost(report, await readAll(lab.control, site.url(), 'all-the-while'))).toEqual([]);
    await succeeds('status');
    const again = JSON.parse(await succeeds('apply', '--yes', '--json')) as unknown;
    expect(again).toMatchObject({ changes: [], failed: false });
  });
});
