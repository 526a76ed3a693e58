/** Everything but messages, in the form in which RabbitMQ exports and imports it. */

import type { BindingRow, ExchangeRow, ParameterRow, PolicyRow, QueueRow } from '../metadata/rows.js';
import type { Tables } from '../metadata/tables.js';
import { plainTable } from '../plain-table.js';

export type Definitions = Record<string, unknown>;
type Row = Record<string, unknown>;

const version = '3.10.8';

export interface Product {
  name: string;
  version: string;
}

export function exportAll(tables: Tables, product: Product): Definitions {
  return {
    rabbit_version: version,
    rabbitmq_version: version,
    product_name: product.name,
    product_version: product.version,
    users: [...tables.all('users')].map((row) => ({
      name: row.name,
      password_hash: row.passwordHash,
      hashing_algorithm: row.hashingAlgorithm,
      tags: row.tags,
      limits: row.limits,
    })),
    vhosts: [...tables.all('vhosts')].map(({ name }) => ({ name })),
    permissions: [...tables.all('permissions')].map((row) => ({ ...row })),
    topic_permissions: [...tables.all('topicPermissions')].map((row) => ({ ...row })),
    parameters: [...tables.all('parameters'), ...operatorPolicies(tables)].map(parameter),
    global_parameters: [...tables.all('globalParameters')].map((row) => ({ ...row })),
    policies: [...tables.all('policies')].map(policy),
    ...content(tables, null),
  };
}

/** One virtual host: what stands in it does not name it, except policies, as in RabbitMQ's export. */
export function exportVhost(tables: Tables, vhost: string): Definitions {
  return {
    rabbit_version: version,
    parameters: [...tables.all('parameters')]
      .filter((row) => row.vhost === vhost)
      .map(parameter)
      .map(unnamed),
    policies: [...tables.all('policies')].filter((row) => row.vhost === vhost).map(policy),
    ...content(tables, vhost),
  };
}

/** Exclusive queues live with their connection, standard exchanges and default bindings are always there. */
function content(tables: Tables, vhost: string | null): Definitions {
  const inside = <T extends { vhost: string }>(rows: Iterable<T>) =>
    [...rows].filter((row) => vhost === null || row.vhost === vhost);
  const shown = (row: Row) => (vhost === null ? row : unnamed(row));
  const queues = inside(tables.all('queues')).filter((row) => row.exclusiveOwner === null);
  const exclusive = new Set(
    inside(tables.all('queues'))
      .filter((row) => row.exclusiveOwner !== null)
      .map((row) => `${row.vhost}\0${row.name}`),
  );
  const bindings = inside(tables.all('bindings')).filter(
    (row) => row.destinationKind === 'exchange' || !exclusive.has(`${row.vhost}\0${row.destination}`),
  );
  return {
    queues: queues.map(queue).map(shown),
    exchanges: inside(tables.all('exchanges')).filter(isOwn).map(exchange).map(shown),
    bindings: bindings.map(binding).map(shown),
  };
}

const isOwn = ({ name }: ExchangeRow) => name !== '' && !name.startsWith('amq.');

function unnamed({ vhost: _vhost, ...rest }: Row): Row {
  return rest;
}

function queue({ name, vhost, durable, autoDelete, arguments: table }: QueueRow): Row {
  return { name, vhost, durable, auto_delete: autoDelete, arguments: plainTable(table) };
}

function exchange({ name, vhost, type, durable, autoDelete, internal, arguments: table }: ExchangeRow): Row {
  return { name, vhost, type, durable, auto_delete: autoDelete, internal, arguments: plainTable(table) };
}

function binding({
  source,
  vhost,
  destination,
  destinationKind,
  routingKey,
  arguments: table,
}: BindingRow): Row {
  return {
    source,
    vhost,
    destination,
    destination_type: destinationKind,
    routing_key: routingKey,
    arguments: plainTable(table),
  };
}

function policy({ vhost, name, pattern, applyTo, definition, priority }: PolicyRow): Row {
  return { vhost, name, pattern, 'apply-to': applyTo, definition, priority };
}

function parameter({ value, vhost, component, name }: ParameterRow): Row {
  return { value, vhost, component, name };
}

/** RabbitMQ keeps operator policies among the parameters. */
function operatorPolicies(tables: Tables): ParameterRow[] {
  return [...tables.all('operatorPolicies')].map((row) => ({
    vhost: row.vhost,
    component: 'operator_policy',
    name: row.name,
    value: {
      pattern: row.pattern,
      definition: row.definition,
      priority: row.priority,
      'apply-to': row.applyTo,
    },
  }));
}
