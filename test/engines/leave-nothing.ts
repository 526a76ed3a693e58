/**
 * All twins share two nodes. What a file of tests left on them would change the answers that the next one is given,
 * in an order of files that differs from machine to machine: so each must leave both as it found them.
 */
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { EngineNode } from './node.js';
import { until } from './until.js';

const twins = inject('twins');
const nodes = twins ? [twins.bundled, twins.rabbitmq].map((twin) => new EngineNode(twin)) : [];
let found: string[][];

beforeAll(async () => {
  found = await everything();
});

afterAll(async () => {
  let now: string[][] = [];
  // What belonged to a connection goes a moment after it.
  const same = async () => {
    now = await everything();
    return JSON.stringify(now) === JSON.stringify(found);
  };
  await until('both nodes are as they were', same).catch(() => expect(now).toEqual(found));
});

function everything(): Promise<string[][]> {
  return Promise.all(nodes.map(what));
}

async function what(node: EngineNode): Promise<string[]> {
  const kinds = ['vhosts', 'users', 'permissions', 'policies', 'parameters', 'queues', 'exchanges'];
  const lists = await Promise.all(kinds.map(async (kind) => names(kind, await node.api('GET', kind))));
  const { body: cluster } = await node.api('GET', 'cluster-name');
  return [...lists.flat().sort(), JSON.stringify(cluster)];
}

function names(kind: string, { body }: { body: unknown }): string[] {
  return (body as Record<string, string>[]).map(
    ({ vhost = '', user = '', component = '', name = '' }) => `${kind} ${vhost} ${user}${component}${name}`,
  );
}
