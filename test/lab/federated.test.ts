import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../engines/until.js';
import { Lab } from './hosts.js';
import { whyNoLab } from './requirements.js';
import { Site } from './site.js';

describe.skipIf(whyNoLab())('two clusters, each the upstream of the other', () => {
  let lab: Lab;
  let sites: readonly [Site, Site];
  beforeAll(async () => {
    lab = await Lab.up({ name: 'federated', hosts: 2, image: 'installed' });
    sites = [siteOf('north', 1, 'south', 2), siteOf('south', 2, 'north', 1)];
    const applied = await Promise.all(sites.map((site) => site.warren(['apply', '--yes'])));
    for (const one of applied) expect(one, one.stderr + one.stdout).toMatchObject({ status: 0 });
  });
  afterAll(() => lab?.down());

  /** As examples/federated-north.yaml and -south.yaml have it, with one node each and no balancer. */
  function siteOf(name: string, number: number, other: string, at: number): Site {
    const upstream = {
      name: other,
      addresses: [lab.host(at).address],
      user: 'app',
      password: 'env:APP_PASSWORD',
    };
    const file = {
      name,
      profile: { name: 'federated', exchanges: '^federated\\.', upstreams: [upstream] },
      exchanges: [{ name: 'federated.events', type: 'topic' }],
      queues: [{ name: 'events', durable: true }],
      bindings: [{ source: 'federated.events', destination: 'events', routing_key: '#' }],
    };
    return new Site(lab, { brokers: [number], balancers: [], file }, `${name}.yaml`);
  }

  test.each([
    ['north', 'south', 0, 1],
    ['south', 'north', 1, 0],
  ] as const)('what is published in %s arrives in the %s too', async (from, _, here, there) => {
    const publish = ['publish', '--exchange', 'federated.events', '--routing-key', 'a'];
    await until('the link is open', async () => {
      await sites[here].warren([...publish, `of ${from}`]);
      const taken = await sites[there].warren(['consume', '--queue', 'events', '--timeout', '1']);
      return taken.stdout.split('\n').includes(`of ${from}`);
    });
  });
});
