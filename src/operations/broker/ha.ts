import { segment } from '../../drivers/management-api/client.js';
import { WarrenError } from '../../errors/warren-error.js';
import { type ListQuery, listPath, listRows, type Row } from './list.js';
import type { Done } from './objects.js';
import type { Broker } from './reach.js';
import { addVhost } from './vhosts.js';

/** How many copies of each queue of a vhost are wanted. */
export interface HaIntent {
  readonly vhost: string;
  readonly pattern: string;
  readonly replicas: 'all' | number;
  readonly sync?: 'automatic' | 'manual' | undefined;
}

interface Policy {
  readonly name: string;
  readonly pattern: string;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly 'apply-to': string;
  readonly priority: number;
}

/**
 * "These queues are to be replicated", in what the version at hand has: a policy
 * that mirrors classic queues up to 3.13; from 4.0 on, which has no mirrors,
 * quorum queues as what is declared in the vhost when nothing is said.
 */
export async function setHa(broker: Broker, intent: HaIntent): Promise<Done> {
  return (await broker.probe.atLeast('4.0')) ? setQuorum(broker, intent) : setMirrors(broker, intent);
}

async function setMirrors(
  { api, probe }: Broker,
  { vhost, pattern, replicas, sync }: HaIntent,
): Promise<Done> {
  const nodes = (await probe.nodes()).length;
  if (nodes === 1) {
    const next = 'add a node first: warren node add';
    throw WarrenError.of('NO_REPLICA', {
      why: 'the cluster has one node only, so nothing can be copied',
      next,
    });
  }
  const same = (await policiesOf({ api }, vhost)).find((one) => mirrors(one) && one.pattern === pattern);
  const name = same?.name ?? 'ha';
  // The broker's own defaults would promote a mirror that holds nothing, and lose every message.
  const definition = {
    ...(replicas === 'all' ? { 'ha-mode': 'all' } : { 'ha-mode': 'exactly', 'ha-params': replicas }),
    'ha-sync-mode': sync ?? 'automatic',
    'ha-promote-on-failure': 'when-synced',
  };
  const body = { pattern, definition, 'apply-to': 'queues', priority: same?.priority ?? 0 };
  await api.put(`/policies/${segment(vhost)}/${segment(name)}`, body);
  const copies = replicas === 'all' ? 'all nodes' : `${Math.min(replicas, nodes)} nodes`;
  return {
    what: 'policy',
    name,
    vhost,
    did: `set: queues of ${pattern} are mirrored on ${copies}`,
    changed: true,
  };
}

async function setQuorum(
  { api, probe }: Broker,
  { vhost, pattern, replicas, sync }: HaIntent,
): Promise<Done> {
  if (sync !== undefined) {
    const why = `RabbitMQ ${await probe.version()} has quorum queues instead of mirrors, and those always synchronise by themselves`;
    throw WarrenError.of('NO_REPLICA', { why, next: 'leave --sync out' });
  }
  await addVhost({ api }, { name: vhost, queueType: 'quorum' });
  if (replicas !== 'all') {
    const definition = { 'target-group-size': replicas };
    const body = { pattern, definition, 'apply-to': 'quorum_queues', priority: 0 };
    await api.put(`/policies/${segment(vhost)}/ha`, body);
  }
  const did =
    'a queue declared without a type is a quorum queue from now on; classic queues that are there stay as they are';
  return { what: 'vhost', name: vhost, did, changed: true };
}

/** Takes the mirroring out of every policy of the vhost; what else a policy says stays. */
export async function clearHa({ api, probe }: Broker, vhost: string): Promise<Done> {
  if (await probe.atLeast('4.0')) {
    await addVhost({ api }, { name: vhost, queueType: 'classic' });
    return {
      what: 'vhost',
      name: vhost,
      did: 'a queue declared without a type is a classic queue again',
      changed: true,
    };
  }
  const found = (await policiesOf({ api }, vhost)).filter(mirrors);
  for (const policy of found) {
    const path = `/policies/${segment(vhost)}/${segment(policy.name)}`;
    const rest = Object.entries(policy.definition).filter(([key]) => !key.startsWith('ha-'));
    if (rest.length === 0) await api.delete(path);
    else await api.put(path, { ...policy, definition: Object.fromEntries(rest) });
  }
  const names = found.map(({ name }) => name).join(', ');
  const did = found.length === 0 ? 'no policy mirrors anything' : `no longer mirrored (policy ${names})`;
  return { what: 'queues', name: 'all', vhost, did, changed: found.length > 0 };
}

interface Queue extends Row {
  readonly type?: string;
  readonly node?: string;
  readonly leader?: string;
  readonly members?: readonly string[];
  readonly online?: readonly string[];
  readonly slave_nodes?: readonly string[];
  readonly synchronised_slave_nodes?: readonly string[];
}

const fields = [
  'name',
  'vhost',
  'type',
  'node',
  'leader',
  'members',
  'online',
  'policy',
  'slave_nodes',
  'synchronised_slave_nodes',
];

/** Of every queue: where its copies are, and whether the loss of its leader would lose messages. */
export async function haStatus({ api }: Broker, vhost: string | undefined, query: ListQuery): Promise<Row[]> {
  const rows = await listRows(api, listPath('queues', vhost), { ...query, fields });
  return rows.map((row) => {
    const queue = row as Queue;
    const leader = queue.leader ?? queue.node;
    const others = (queue.members ?? queue.slave_nodes ?? []).filter((node) => node !== leader);
    const ready = others.filter((node) =>
      (queue.online ?? queue.synchronised_slave_nodes ?? []).includes(node),
    );
    return {
      ...row,
      leader,
      copies: 1 + others.length,
      ready: 1 + ready.length,
      safe: safety(queue, others, ready),
    };
  });
}

function safety(queue: Queue, others: readonly string[], ready: readonly string[]): string {
  if (others.length === 0) return 'no: one copy only';
  if (queue.members)
    return (1 + ready.length) * 2 > queue.members.length + 1 ? 'yes' : 'no: the next loss ends the majority';
  return ready.length > 0 ? 'yes' : 'no: no mirror is synchronised';
}

function mirrors({ definition }: Policy): boolean {
  return 'ha-mode' in definition;
}

function policiesOf({ api }: Pick<Broker, 'api'>, vhost: string): Promise<readonly Policy[]> {
  return api.get<readonly Policy[]>(`/policies/${segment(vhost)}`);
}
