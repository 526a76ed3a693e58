/**
 * Definitions merged into what is there: users, virtual hosts, permissions, parameters and policies replace those
 * of the same name, exchanges, queues and bindings that exist stay as they are. In the order in which one needs
 * the other; a refusal leaves what came before it.
 */

import { OperationRefused } from '../metadata/operation.js';
import { keys, type PolicyRow } from '../metadata/rows.js';
import { defaultHashingAlgorithm, hashPassword } from '../password.js';
import { tableOf } from '../plain-table.js';
import type { Metadata } from '../ports.js';
import type { Definitions } from './export.js';

type Row = Record<string, unknown>;
/** `node` is to lead the queues that are new. */
export type Importer = Metadata & { readonly node: string };

export async function importAll(to: Importer, definitions: Definitions): Promise<void> {
  for (const row of rows(definitions, 'users')) await user(to, row);
  for (const row of rows(definitions, 'vhosts')) await vhost(to, row);
  for (const row of rows(definitions, 'permissions'))
    await to.submit('permission.set', texts(row, 'user', 'vhost', 'configure', 'write', 'read'));
  for (const row of rows(definitions, 'topic_permissions')) {
    await to.submit('topic_permission.set', texts(row, 'user', 'vhost', 'exchange', 'write', 'read'));
  }
  for (const row of rows(definitions, 'global_parameters')) {
    await to.submit('global_parameter.set', { name: text(row, 'name'), value: row.value });
  }
  await content(to, definitions, null);
}

export async function importVhost(to: Importer, vhost: string, definitions: Definitions): Promise<void> {
  await content(to, definitions, vhost);
}

async function content(to: Importer, definitions: Definitions, vhost: string | null): Promise<void> {
  const named = (key: string) =>
    rows(definitions, key).map((row) => (vhost === null ? row : { ...row, vhost }));
  for (const row of named('parameters')) await parameter(to, row);
  for (const row of named('policies')) await policy(to, 'policy.set', row);
  for (const row of named('queues')) await queue(to, row);
  for (const row of named('exchanges')) await exchange(to, row);
  for (const row of named('bindings')) await binding(to, row);
}

function rows(definitions: Definitions, key: string): Row[] {
  const value = definitions[key];
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw malformed(key);
  return value.map((row) => {
    if (typeof row !== 'object' || row === null) throw malformed(key);
    return row as Row;
  });
}

function malformed(what: string): OperationRefused {
  return new OperationRefused(
    'bad_definitions',
    `Definitions: '${what}' is missing or is not what it should be`,
  );
}

function text(row: Row, key: string): string {
  const value = row[key];
  if (typeof value !== 'string') throw malformed(key);
  return value;
}

function texts<K extends string>(row: Row, ...names: K[]): Record<K, string> {
  return Object.fromEntries(names.map((name) => [name, text(row, name)])) as Record<K, string>;
}

function truth(row: Row, key: string): boolean {
  const value = row[key];
  if (typeof value !== 'boolean') throw malformed(key);
  return value;
}

async function user(to: Importer, row: Row): Promise<void> {
  const { password, password_hash: hash, hashing_algorithm: algorithm, tags, limits } = row;
  const name = text(row, 'name');
  await to.submit('user.put', {
    name,
    passwordHash: typeof password === 'string' ? hashPassword(password) : String(hash ?? ''),
    hashingAlgorithm:
      typeof password === 'string' || algorithm === undefined ? defaultHashingAlgorithm : String(algorithm),
    tags: Array.isArray(tags)
      ? tags.map(String)
      : String(tags ?? '')
          .split(',')
          .filter(Boolean),
  });
  if (typeof limits === 'object' && limits !== null && Object.keys(limits).length > 0) {
    await to.submit('user_limits.set', { name, limits: limits as Row });
  }
}

async function vhost(to: Importer, row: Row): Promise<void> {
  const metadata = (row.metadata ?? {}) as Row;
  const description = row.description ?? metadata.description;
  const tags = row.tags ?? metadata.tags;
  await to.submit('vhost.put', {
    name: text(row, 'name'),
    ...(typeof description === 'string' ? { description } : {}),
    ...(Array.isArray(tags) ? { tags: tags.map(String) } : {}),
  });
}

async function parameter(to: Importer, row: Row): Promise<void> {
  const target = texts(row, 'vhost', 'component', 'name');
  if (target.component === 'operator_policy') {
    await policy(to, 'operator_policy.set', { ...(row.value as Row), ...target });
    return;
  }
  await to.submit('parameter.set', { ...target, value: row.value });
}

async function policy(
  to: Importer,
  operation: 'policy.set' | 'operator_policy.set',
  row: Row,
): Promise<void> {
  const { vhost, name } = texts(row, 'vhost', 'name');
  try {
    await to.submit(operation, {
      vhost,
      name,
      pattern: text(row, 'pattern'),
      applyTo: (row['apply-to'] ?? 'all') as PolicyRow['applyTo'],
      priority: Number(row.priority ?? 0),
      definition: (row.definition ?? {}) as Row,
    });
  } catch (error) {
    if (!(error instanceof OperationRefused) || error.code !== 'validation_failed') throw error;
    throw new OperationRefused(error.code, `${error.message}\n (${vhost}/${name})`, error.details);
  }
}

async function queue(to: Importer, row: Row): Promise<void> {
  const { vhost, name } = texts(row, 'vhost', 'name');
  if (to.tables.get('queues', keys.queue(vhost, name)) !== undefined) return;
  await to.submit('queue.declare', {
    vhost,
    name,
    durable: truth(row, 'durable'),
    autoDelete: truth(row, 'auto_delete'),
    exclusiveOwner: null,
    arguments: tableOf((row.arguments ?? {}) as Row),
    node: to.node,
  });
}

async function exchange(to: Importer, row: Row): Promise<void> {
  const { vhost, name, type } = texts(row, 'vhost', 'name', 'type');
  if (to.tables.get('exchanges', keys.exchange(vhost, name)) !== undefined) return;
  await to.submit('exchange.declare', {
    vhost,
    name,
    type,
    durable: truth(row, 'durable'),
    autoDelete: truth(row, 'auto_delete'),
    internal: row.internal === true,
    arguments: tableOf((row.arguments ?? {}) as Row),
  });
}

async function binding(to: Importer, row: Row): Promise<void> {
  const { vhost, source, destination } = texts(row, 'vhost', 'source', 'destination');
  await to.submit('binding.add', {
    vhost,
    source,
    destination,
    destinationKind: row.destination_type === 'exchange' ? 'exchange' : 'queue',
    routingKey: text(row, 'routing_key'),
    arguments: tableOf((row.arguments ?? {}) as Row),
  });
}
