import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { roundTrip } from '../../src/drivers/amqp/round-trip.js';
import { type EngineCluster, startCluster } from '../engines/cluster.js';
import { engines } from '../engines/engine.js';

let cluster: EngineCluster;
beforeAll(async () => {
  cluster = await startCluster(engines[0]!);
});
afterAll(() => cluster?.destroy());

const trip = (timeoutMs: number, messages = 20) =>
  roundTrip({
    user: 'guest',
    password: 'guest',
    vhost: '/',
    messages,
    timeoutMs,
    through: async () => connect(cluster.nodes[0]!.specification.ports.amqp, '127.0.0.1'),
  });

test('messages go there and back', async () => {
  await trip(20_000);
});

test('one that is not over in time says how far it came', async () => {
  await expect(trip(1, 5_000)).rejects.toMatchObject({
    code: 'VERIFY_FAILED',
    message: expect.stringContaining('it was not over after 0.001 s'),
  });
});

test('a broker that blocks its publishers is not waited for', async () => {
  const [node] = cluster.nodes;
  await node!.ctl('set_vm_memory_high_watermark', '0.000001');
  await expect(trip(20_000)).rejects.toMatchObject({
    code: 'PUBLISHERS_BLOCKED',
    message: 'the broker takes no messages now: low on memory',
  });
});
