import { WarrenError } from '../../errors/warren-error.js';
import { argumentsOf } from './arguments.js';
import { type ListQuery, listedHere, listPath, listRows, type Row } from './list.js';
import { type Done, deleteObject, found, getObject, named, putObject, queue } from './objects.js';
import type { Broker } from './reach.js';

export function listQueues({ api }: Broker, vhost: string | undefined, query: ListQuery) {
  return listRows(api, listPath('queues', vhost), query);
}

export interface QueueOptions {
  readonly name: string;
  readonly vhost: string;
}

export interface DeclareOptions extends QueueOptions {
  readonly type?: string | undefined;
  readonly durable: boolean;
  readonly autoDelete: boolean;
  readonly arguments: readonly string[];
  readonly node?: string | undefined;
}

export async function declareQueue({ api }: Broker, options: DeclareOptions): Promise<Done> {
  const table = argumentsOf(options.arguments);
  return putObject(
    api,
    queue(options.name, options.vhost),
    {
      durable: options.durable,
      auto_delete: options.autoDelete,
      arguments: { ...table, ...(options.type === undefined ? {} : { 'x-queue-type': options.type }) },
      ...(options.node === undefined ? {} : { node: options.node }),
    },
    { made: 'declared', kept: 'was there already' },
  );
}

export function deleteQueue(
  { api }: Broker,
  {
    name,
    vhost,
    ifEmpty,
    ifUnused,
  }: QueueOptions & { readonly ifEmpty: boolean; readonly ifUnused: boolean },
): Promise<Done> {
  const only = [...(ifEmpty ? ['if-empty=true'] : []), ...(ifUnused ? ['if-unused=true'] : [])];
  return deleteObject(api, queue(name, vhost), only.length > 0 ? `?${only.join('&')}` : '');
}

/** What was ready to be delivered goes; what a consumer holds stays. */
export async function purgeQueue({ api }: Broker, { name, vhost }: QueueOptions): Promise<Done> {
  const object = queue(name, vhost);
  await found(api, object, () => api.delete(`${object.path}/contents`));
  return { ...named(object), did: 'purged', changed: true };
}

export function showQueue({ api }: Broker, { name, vhost }: QueueOptions): Promise<Row> {
  return getObject<Row>(api, queue(name, vhost));
}

/** Leaders of queues are spread evenly over the nodes again. */
export async function rebalanceQueues({ api, probe }: Broker): Promise<Done> {
  try {
    await api.send('POST', '/rebalance/queues', {});
  } catch (error) {
    if (!(error instanceof WarrenError) || error.code !== 'API_NOT_FOUND') throw error;
    const next = 'move leaders with a policy of queue-master-locator, or update RabbitMQ to 3.8 or later';
    throw WarrenError.of('NOT_IN_VERSION', { what: 'rebalancing', version: await probe.version(), next });
  }
  return {
    what: 'leaders of the queues of',
    name: (await probe.overview()).cluster_name,
    did: 'being spread over the nodes',
    changed: true,
  };
}

/** A node that has a copy of a queue. */
export interface QueueMember extends Row {
  readonly node: string;
  readonly role: 'leader' | 'mirror' | 'member';
  readonly online: boolean;
  /** Whether it could take the leader's place without losing a message; only mirrors may be behind. */
  readonly synchronised: boolean | null;
}

interface Copies {
  readonly type?: string;
  readonly node?: string;
  readonly leader?: string;
  readonly members?: readonly string[];
  readonly online?: readonly string[];
  readonly slave_nodes?: readonly string[];
  readonly synchronised_slave_nodes?: readonly string[];
}

/** Where the copies of a queue are: mirrors of a classic queue, members of a quorum queue or stream. */
export async function membersOf(
  { api }: Broker,
  { name, vhost }: QueueOptions,
  query: ListQuery,
): Promise<QueueMember[]> {
  const copies = copiesOf(await getObject<Copies>(api, queue(name, vhost)));
  return listedHere(copies, query, ({ node }) => node);
}

function copiesOf(seen: Copies): QueueMember[] {
  const leader = seen.leader ?? seen.node ?? '';
  if (seen.members) {
    return seen.members.map((node) => ({
      node,
      role: node === leader ? 'leader' : 'member',
      online: seen.online?.includes(node) ?? true,
      synchronised: null,
    }));
  }
  const synchronised = seen.synchronised_slave_nodes ?? [];
  return [
    { node: leader, role: 'leader', online: true, synchronised: null },
    ...(seen.slave_nodes ?? []).map((node): QueueMember => {
      return { node, role: 'mirror', online: true, synchronised: synchronised.includes(node) };
    }),
  ];
}
