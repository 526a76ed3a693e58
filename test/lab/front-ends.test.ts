import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
    site = new Site(lab, {
      brokers: [1, 2],
      balancers: [3, 4],
      virtualAddresses: [one, two],
      file: { ...soonNoticed, profile: { name: 'standby', active: 'server1' } },
      frontEnd: { mode: 'active/active' },
    });
    const applied = await site.warren(['apply', '--yes']);
    expect(applied, applied.stderr + applied.stdout).toMatchObject({ status: 0 });
  });
  afterAll(() => lab?.down());

  const balancers = () => lab.hosts.slice(2);

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

  test('a balancer powered off: the other one holds both addresses; each its own again when it is back', async () => {
    const own = await untilHeld(balancers(), two);
    const other = balancers().find(({ name }) => name !== own.name)!;
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
