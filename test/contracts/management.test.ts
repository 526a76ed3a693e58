/** Every node of a cluster answers for the whole cluster, on every engine. */
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineCluster, startCluster } from '../engines/cluster.js';
import { engines } from '../engines/engine.js';
import type { EngineNode } from '../engines/node.js';
import { until } from '../engines/until.js';

describe.each(engines)('the management API of a cluster of $name', (engine) => {
  let cluster: EngineCluster;
  let first: EngineNode;
  let second: EngineNode;

  beforeAll(async () => {
    cluster = await startCluster(engine, 2);
    [first, second] = cluster.nodes as [EngineNode, EngineNode];
    await until('both nodes know each other', async () => {
      const { body } = await first.api('GET', 'nodes?columns=running');
      return JSON.stringify(body) === '[{"running":true},{"running":true}]';
    });
  });
  afterAll(() => cluster.destroy());

  const get = async (node: EngineNode, route: string) => (await node.api('GET', route)).body;

  it('declares a queue on the node that is asked for', async () => {
    const { status } = await first.api('PUT', 'queues/%2F/there', { durable: true, node: second.name });
    expect(status).toBe(201);
    expect(await get(first, 'queues/%2F/there?disable_stats=true&columns=name,node')).toEqual({
      name: 'there',
      node: second.name,
    });
    const other = await first.api('PUT', 'queues/%2F/there', { durable: false, node: second.name });
    expect(other.status).toBe(400);
  });

  it('publishes to, gets from and purges a queue of another node', async () => {
    const message = { properties: {}, routing_key: 'there', payload: 'over', payload_encoding: 'string' };
    const published = await first.api('POST', 'exchanges/%2F/amq.default/publish', message);
    expect(published.body).toEqual({ routed: true });
    const asked = { count: 1, ackmode: 'ack_requeue_true', encoding: 'auto' };
    const got = await first.api('POST', 'queues/%2F/there/get', asked);
    expect(got.body).toMatchObject([{ payload: 'over', redelivered: false }]);
    expect((await first.api('DELETE', 'queues/%2F/there/contents')).status).toBe(204);
    expect((await first.api('POST', 'queues/%2F/there/get', asked)).body).toEqual([]);
  });

  it('shows and closes a connection of another node, with the reason given', async () => {
    const connection = await connect(second.url);
    const ended = new Promise<Error>((resolve) => {
      connection.on('error', resolve);
      connection.on('close', resolve);
    });
    let name = '';
    await until('the connection shows up', async () => {
      const [found] = (await get(first, 'connections?columns=name,node')) as { name: string; node: string }[];
      name = found?.name ?? '';
      return found?.node === second.name;
    });
    const { status } = await first.api('DELETE', `connections/${encodeURIComponent(name)}`);
    expect(status).toBe(204);
    expect(String(await ended)).toContain('Closed via management plugin');
  });

  it('shows what is left when a node is gone', async () => {
    await second.kill();
    await until('the node is seen to be down', async () => {
      const { status, body } = await first.api('GET', `nodes/${second.name}?columns=name,running`);
      return status === 200 && (body as { running: boolean }).running === false;
    });
    expect(await get(first, 'queues/%2F?columns=name,state')).toEqual([{ name: 'there', state: 'down' }]);
    expect((await first.api('GET', 'queues/%2F/there')).status).toBe(404);
  });
});
