/**
 * Definitions: everything that is declared, as RabbitMQ exports and imports it. What exists already is left as it
 * is (users, permissions, policies and parameters are replaced). Each section is submitted at once and awaited before the next,
 * which refers to it.
 */

import { AmqpError } from '../protocol/amqp-error.js';
import { OperationRefused } from './metadata/operation.js';
import type { BindingRow, ExchangeRow, PolicyRow, QueueRow } from './metadata/rows.js';
import type { Tables } from './metadata/tables.js';
import { defaultHashingAlgorithm, hashPassword } from './password.js';
import { plainTable, tableOf } from './plain-table.js';
import type { Metadata } from './ports.js';

type Json = Record<string, unknown>;

/** What the exporting product says of itself. */
export interface ExportedBy {
  name: string;
  version: string;
}

/** One vhost's definitions leave out users, vhosts, permissions and the vhost's own name. */
export function exportDefinitions(tables: Tables, vhost: string | null, by?: ExportedBy): Json {
  const version = { rabbit_version: '3.10.8' };
  const inVhost = (rows: Iterable<{ vhost: string }>, section: (row: never) => Json): Json[] =>
    [...rows].filter((row) => vhost === null || row.vhost === vhost).map((row) => section(row as never));
  const declared = {
    parameters: [
      ...inVhost(tables.all('parameters'), ({ value, vhost, component, name }: Json) => ({
        value,
        vhost,
        component,
        name,
      })),
      ...inVhost(tables.all('operatorPolicies'), operatorPolicyParameter),
    ],
    policies: inVhost(tables.all('policies'), policyJson),
    queues: inVhost(
      [...tables.all('queues')].filter(({ exclusiveOwner }) => exclusiveOwner === null),
      queueJson,
    ),
    exchanges: inVhost(
      [...tables.all('exchanges')].filter(({ name }) => !/^(amq\.|$)/.test(name)),
      exchangeJson,
    ),
    bindings: inVhost(tables.all('bindings'), bindingJson),
  };
  if (vhost !== null) return { ...version, ...withoutVhost(declared) };
  const { parameters, ...rest } = declared;
  return {
    ...version,
    ...exportedBy(by),
    ...clusterWide(tables),
    parameters,
    global_parameters: globals(tables),
    ...rest,
  };
}

export async function importDefinitions(
  metadata: Metadata,
  node: string,
  definitions: Json,
  vhost: string | null,
): Promise<void> {
  if (typeof definitions !== 'object' || definitions === null || Array.isArray(definitions)) {
    throw new OperationRefused('bad_definitions', 'definitions must be a JSON object');
  }
  const all = async (section: string, put: (each: Json) => Promise<unknown>) => {
    const rows = definitions[section];
    if (rows === undefined) return;
    if (!Array.isArray(rows)) throw new OperationRefused('bad_definitions', `'${section}' must be a list`);
    await Promise.all(rows.map(put));
  };
  const at = (each: Json) => vhost ?? text(each, 'vhost');
  if (vhost === null) {
    await all('users', (each) => metadata.submit('user.put', userOf(each)));
    await all('vhosts', (each) => metadata.submit('vhost.put', vhostOf(each)));
    await all('permissions', (each) => metadata.submit('permission.set', each as never));
    await all('topic_permissions', (each) => metadata.submit('topic_permission.set', each as never));
  }
  await all('parameters', (each) => putParameter(metadata, at(each), each));
  await all('global_parameters', (each) => putGlobal(metadata, each));
  await all('policies', (each) =>
    metadata.submit('policy.set', policyOf(at(each), text(each, 'name'), each)),
  );
  await all('exchanges', (each) => putExchange(metadata, at(each), each));
  await all('queues', (each) => putQueue(metadata, node, at(each), each));
  await all('bindings', (each) => putBinding(metadata, at(each), each));
}

/** Queues, exchanges and bindings of one vhost do not name it: they may be imported into another. */
function withoutVhost<T extends Record<'queues' | 'exchanges' | 'bindings', Json[]>>(declared: T): T {
  const nameless = (rows: Json[]) => rows.map(({ vhost: _vhost, ...row }) => row);
  const { queues, exchanges, bindings } = declared;
  return {
    ...declared,
    queues: nameless(queues),
    exchanges: nameless(exchanges),
    bindings: nameless(bindings),
  };
}

function exportedBy(by: ExportedBy | undefined): Json {
  const version = { rabbitmq_version: '3.10.8' };
  return by === undefined ? version : { ...version, product_name: by.name, product_version: by.version };
}

function clusterWide(tables: Tables): Json {
  return {
    users: [...tables.all('users')].map(({ name, passwordHash, hashingAlgorithm, tags, limits }) => ({
      name,
      password_hash: passwordHash,
      hashing_algorithm: hashingAlgorithm,
      tags,
      limits,
    })),
    vhosts: [...tables.all('vhosts')].map(({ name }) => ({ name })),
    permissions: [...tables.all('permissions')].map((row) => ({ ...row })),
    topic_permissions: [...tables.all('topicPermissions')].map((row) => ({ ...row })),
  };
}

const globals = (tables: Tables) =>
  [...tables.all('globalParameters')].map(({ name, value }) => ({ name, value }));

function policyJson({ vhost, name, ...row }: PolicyRow): Json {
  return { vhost, name, ...policyBody(row) };
}

function policyBody({ pattern, applyTo, definition, priority }: Omit<PolicyRow, 'vhost' | 'name'>): Json {
  return { pattern, 'apply-to': applyTo, definition, priority };
}

function operatorPolicyParameter({ vhost, name, ...row }: PolicyRow): Json {
  return { value: policyBody(row), vhost, component: 'operator_policy', name };
}

function queueJson(row: QueueRow): Json {
  const { name, vhost, durable, autoDelete } = row;
  return { name, vhost, durable, auto_delete: autoDelete, arguments: plainTable(row.arguments) };
}

function exchangeJson(row: ExchangeRow): Json {
  const { name, vhost, type, durable, autoDelete, internal } = row;
  return {
    name,
    vhost,
    type,
    durable,
    auto_delete: autoDelete,
    internal,
    arguments: plainTable(row.arguments),
  };
}

function bindingJson(row: BindingRow): Json {
  const { source, vhost, destination, destinationKind, routingKey } = row;
  return {
    source,
    vhost,
    destination,
    destination_type: destinationKind,
    routing_key: routingKey,
    arguments: plainTable(row.arguments),
  };
}

function userOf(each: Json) {
  const tags = each.tags ?? [];
  const plain = each.password;
  return {
    name: text(each, 'name'),
    passwordHash: typeof plain === 'string' ? hashPassword(plain) : String(each.password_hash ?? ''),
    hashingAlgorithm:
      typeof plain === 'string'
        ? defaultHashingAlgorithm
        : String(each.hashing_algorithm ?? defaultHashingAlgorithm),
    tags: Array.isArray(tags)
      ? tags.map(String)
      : String(tags)
          .split(/\s*,\s*/)
          .filter(Boolean),
    limits: (each.limits ?? {}) as Record<string, number>,
  };
}

function vhostOf(each: Json) {
  const metadata = (each.metadata ?? each) as Json;
  const type = metadata.default_queue_type;
  return {
    name: text(each, 'name'),
    ...(typeof metadata.description === 'string' ? { description: metadata.description } : {}),
    ...(Array.isArray(metadata.tags) ? { tags: metadata.tags.map(String) } : {}),
    ...(typeof type === 'string' && type !== 'undefined' ? { defaultQueueType: type } : {}),
  };
}

function policyOf(vhost: string, name: string, each: Json): PolicyRow {
  return {
    vhost,
    name,
    pattern: each.pattern as string,
    applyTo: (each['apply-to'] ?? 'all') as PolicyRow['applyTo'],
    priority: (each.priority ?? 0) as number,
    definition: each.definition as Json,
  };
}

function putParameter(metadata: Metadata, vhost: string, each: Json): Promise<unknown> {
  const component = text(each, 'component');
  const name = text(each, 'name');
  if (component === 'operator_policy') {
    return metadata.submit('operator_policy.set', policyOf(vhost, name, each.value as Json));
  }
  if (component === 'policy') return metadata.submit('policy.set', policyOf(vhost, name, each.value as Json));
  return metadata.submit('parameter.set', { vhost, component, name, value: each.value });
}

/** The identity of another cluster is not taken over. */
async function putGlobal(metadata: Metadata, each: Json): Promise<void> {
  const name = text(each, 'name');
  if (name !== 'internal_cluster_id')
    await metadata.submit('global_parameter.set', { name, value: each.value });
}

async function putExchange(metadata: Metadata, vhost: string, each: Json): Promise<void> {
  const name = text(each, 'name');
  if (metadata.tables.get('exchanges', `${vhost}\0${name}`) !== undefined) return;
  await metadata.submit('exchange.declare', {
    vhost,
    name,
    type: text(each, 'type'),
    durable: each.durable !== false,
    autoDelete: each.auto_delete === true,
    internal: each.internal === true,
    arguments: tableOf((each.arguments ?? {}) as Json),
  });
}

async function putQueue(metadata: Metadata, node: string, vhost: string, each: Json): Promise<void> {
  const name = text(each, 'name');
  if (metadata.tables.get('queues', `${vhost}\0${name}`) !== undefined) return;
  await metadata.submit('queue.declare', {
    vhost,
    name,
    durable: each.durable !== false,
    autoDelete: each.auto_delete === true,
    exclusiveOwner: null,
    arguments: tableOf((each.arguments ?? {}) as Json),
    node,
  });
}

/** A binding to or from something that is not there is passed over, as RabbitMQ passes over it. */
async function putBinding(metadata: Metadata, vhost: string, each: Json): Promise<void> {
  const binding = {
    vhost,
    source: text(each, 'source'),
    destination: text(each, 'destination'),
    destinationKind: each.destination_type === 'exchange' ? ('exchange' as const) : ('queue' as const),
    routingKey: String(each.routing_key ?? ''),
    arguments: tableOf((each.arguments ?? {}) as Json),
  };
  try {
    await metadata.submit('binding.add', binding);
  } catch (error) {
    if (!(error instanceof AmqpError && error.reply === 'NOT_FOUND')) throw error;
  }
}

function text(each: Json, key: string): string {
  const value = each[key];
  if (typeof value === 'string') return value;
  throw new OperationRefused('bad_definitions', `${key} is missing in ${JSON.stringify(each)}`);
}
