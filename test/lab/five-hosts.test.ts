import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../engines/until.js';
import { load, lost, readAll, roundTrip } from './clients.js';
import {
  agreed,
  leaderOf,
  stateInHaproxy,
  untilAgreed,
  untilAlone,
  untilAnswered,
  untilHeld,
  views,
} from './cluster-state.js';
import { disturb } from './disturbance.js';
import { holdersOf } from './holders.js';
import { Lab } from './hosts.js';
import { whyNoLab } from './requirements.js';
import { Site } from './site.js';

const address = Site.virtualAddress;

describe.skipIf(whyNoLab())('chapter 12 on five blank hosts', () => {
  let lab: Lab;
  let site: Site;
  beforeAll(async () => {
    lab = await Lab.up({ name: 'five', hosts: 5 });
    site = new Site(lab, { brokers: [1, 2, 3], balancers: [4, 5] });
  });
  afterAll(() => lab?.down());

  const brokers = () => lab.hosts.slice(0, 3);
  const balancers = () => lab.hosts.slice(3);
  const other = (host: { name: string }) => balancers().find(({ name }) => name !== host.name)!;

  test('from blank hosts to a message through the virtual address', async () => {
    const before = await Promise.all(lab.hosts.map((host) => host.run('dpkg --list; cat /etc/hosts')));
    expect(await site.warren(['check'])).toMatchObject({ status: 0 });
    const planned = await site.warren(['plan', '--detailed-exitcode']);
    expect(planned).toMatchObject({ status: 2 });
    expect(await Promise.all(lab.hosts.map((host) => host.run('dpkg --list; cat /etc/hosts')))).toEqual(
      before,
    );

    const applied = await site.warren(['apply', '--yes']);
    expect(applied, applied.stderr + applied.stdout).toMatchObject({ status: 0 });
    expect(await views(brokers())).toEqual(agreed(brokers()));
    expect(await holdersOf(address, balancers())).toHaveLength(1);
    expect(await roundTrip(lab.control, site.url(), 'hello')).toBe('hello');
  });

  test('the same again changes nothing', async () => {
    const again = await site.warren(['apply', '--yes', '--json']);
    expect(again, again.stderr + again.stdout).toMatchObject({ status: 0 });
    expect(JSON.parse(again.stdout)).toMatchObject({ changes: [], failed: false });
    expect(await site.warren(['plan', '--detailed-exitcode'])).toMatchObject({ status: 0 });
  });

  test('HAProxy stopped on the balancer that holds the virtual address: the other one takes it, and keeps it', async () => {
    const first = await untilHeld(balancers(), address);
    const second = other(first);
    const taken = await disturb(
      site,
      balancers(),
      async () => void (await first.run('systemctl stop haproxy')),
      () => untilHeld(balancers(), address, second),
    );
    expect(taken.holders.at(-1)).toEqual([second.name]);
    expect(taken.holders.filter((each) => each.length > 1)).toEqual([]);
    expect(await roundTrip(lab.control, site.url(), 'after HAProxy')).toBe('after HAProxy');

    const back = await disturb(
      site,
      balancers(),
      async () => void (await first.run('systemctl start haproxy')),
      () => first.run('until systemctl is-active haproxy; do sleep 0.1; done; sleep 5'),
    );
    expect(back).toMatchObject({ outages: [], holders: [[second.name]] });
  });

  test('its host powered off: the other one takes it, and keeps it when the host is back', async () => {
    const first = await untilHeld(balancers(), address);
    const second = other(first);
    const taken = await disturb(
      site,
      balancers(),
      () => first.kill(),
      () => untilHeld(balancers(), address, second),
    );
    expect(taken.holders.at(-1)).toEqual([second.name]);
    expect(await roundTrip(lab.control, site.url(), 'after the balancer')).toBe('after the balancer');

    const back = await disturb(
      site,
      balancers(),
      () => first.start(),
      () => first.run('until systemctl is-active haproxy keepalived; do sleep 0.1; done; sleep 5'),
    );
    expect(back).toMatchObject({ outages: [], holders: [[second.name]] });
  });

  test('a broker powered off under publishing: nothing confirmed is lost, and it comes back as a member', async () => {
    const publishing = await load(lab.control, site.url(), 'power-off');
    const leader = await leaderOf(brokers(), 'power-off');
    const left = brokers().filter(({ name }) => name !== leader.name);
    await leader.kill();
    await untilAlone(left);
    await leader.start();
    await untilAgreed(brokers());
    const report = await publishing.stop();
    const inQueue = await readAll(lab.control, site.url(), 'power-off');
    expect(report.confirmed.length).toBeGreaterThan(0);
    expect(lost(report, inQueue)).toEqual([]);
  });

  /** Neither waits for a node that never answers, nor is kept from telling what the others say. */
  async function namesTheFrozen(name: string): Promise<void> {
    const [checked, seen] = await Promise.all([site.warren(['check']), site.warren(['status'])]);
    const planned = await site.warren(['plan']);
    expect(checked, checked.stderr).toMatchObject({ status: 78 });
    expect(planned, planned.stdout).toMatchObject({ status: 78 });
    for (const said of [checked.stdout, planned.stderr])
      expect(said).toMatch(new RegExp(`${name}: .*has not answered in 5 s\n +next: .*systemctl restart`));
    expect(checked.stdout).toMatch(/^server1 .* rabbit@server1 \(with 2 others\)$/m);
    expect(seen, seen.stderr).toMatchObject({ status: 69 });
    expect(seen.stdout).toMatch(
      new RegExp(`^!! rabbit@${name} does not answer: .*; next: .*on ${name}`, 'm'),
    );
    expect(seen.stdout).toMatch(/^rabbit@server1 +ok /m);
  }

  test('a frozen broker: HAProxy takes it out, and in again', async () => {
    const frozen = lab.host(2);
    const balancer = await untilHeld(balancers(), address);
    const inHaproxy = (state: string) =>
      until(`${frozen.name} is ${state}`, async () => (await stateInHaproxy(balancer, frozen)) === state);
    await inHaproxy('UP');
    await frozen.freeze('rabbitmq-server');
    await inHaproxy('DOWN');
    await namesTheFrozen(frozen.name);
    await untilAnswered(site, address);
    expect(await holdersOf(address, balancers())).toEqual([balancer.name]);
    await frozen.thaw('rabbitmq-server');
    await inHaproxy('UP');
    await untilAgreed(brokers());
  });
});
