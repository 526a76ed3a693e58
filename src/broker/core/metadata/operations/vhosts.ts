import { removeVhost } from '../cascade.js';
import { Draft } from '../draft.js';
import { type Operation, OperationRefused } from '../operation.js';
import { type ExchangeRow, keys, type VhostRow } from '../rows.js';
import type { Tables } from '../tables.js';
import { term } from '../validation/policy-definition.js';
import { requireVhost } from './require.js';

export interface PutVhost {
  name: string;
  description?: string;
  tags?: string[];
  defaultQueueType?: string;
  /** Who creates it: the standard exchanges say so. */
  user?: string;
}

/** Creates the vhost with its standard exchanges; on one that is there, changes what is given. */
const put: Operation<PutVhost, { created: boolean }> = (tables, args) => {
  const draft = new Draft(tables);
  const created = putVhost(draft, tables, args);
  return { changes: draft.changes, result: { created } };
};

const remove: Operation<{ name: string }, null> = (tables, { name }) => {
  requireVhost(tables, name);
  const draft = new Draft(tables);
  removeVhost(draft, name);
  return { changes: draft.changes, result: null };
};

/** `max-connections` and `max-queues`; a negative number means no limit. Replaces what was set. */
const setLimits: Operation<{ vhost: string; limits: Record<string, unknown> }, null> = (
  tables,
  { vhost, limits },
) => {
  requireVhost(tables, vhost);
  checkLimits(limits, ['max-connections', 'max-queues']);
  const row = { vhost, component: 'vhost-limits', name: 'limits', value: limits };
  const key = keys.parameter(vhost, row.component, row.name);
  return { changes: [{ table: 'parameters', key, row }], result: null };
};

const clearLimits: Operation<{ vhost: string }, null> = (tables, { vhost }) => {
  requireVhost(tables, vhost);
  const key = keys.parameter(vhost, 'vhost-limits', 'limits');
  if (tables.get('parameters', key) === undefined) return { changes: [], result: null };
  return { changes: [{ table: 'parameters', key, row: null }], result: null };
};

export const vhostOperations = {
  'vhost.put': put,
  'vhost.delete': remove,
  'vhost_limits.set': setLimits,
  'vhost_limits.clear': clearLimits,
};

export function putVhost(draft: Draft, tables: Tables, args: PutVhost): boolean {
  if (args.name === '') throw new OperationRefused('bad_vhost', 'Virtual host name must not be empty');
  const current = tables.get('vhosts', keys.vhost(args.name));
  const row: VhostRow = {
    name: args.name,
    description: args.description ?? current?.description ?? '',
    tags: args.tags ?? current?.tags ?? [],
  };
  const defaultQueueType = args.defaultQueueType ?? current?.defaultQueueType;
  if (defaultQueueType !== undefined) row.defaultQueueType = defaultQueueType;
  draft.put('vhosts', keys.vhost(args.name), row);
  if (current !== undefined) return false;
  for (const exchange of standardExchanges(args)) {
    draft.put('exchanges', keys.exchange(exchange.vhost, exchange.name), exchange);
  }
  return true;
}

export function checkLimits(
  limits: Record<string, unknown>,
  allowed: readonly string[],
  where: 'limits' | 'user-limits' = 'limits',
): void {
  for (const [name, value] of Object.entries(limits)) {
    if (!allowed.includes(name)) {
      const text = `Unrecognised terms [{<<"${name}">>,${term(value)}}] in ${where}`;
      throw new OperationRefused('validation_failed', text);
    }
    if (!Number.isInteger(value)) {
      throw new OperationRefused(
        'validation_failed',
        `${name} should be a number, actually was ${term(value)}`,
      );
    }
  }
}

/** The exchanges that every vhost has from the start: AMQP 0-9-1, 3.1.3, and RabbitMQ's own two. */
function standardExchanges({ name: vhost, user }: PutVhost): ExchangeRow[] {
  const standard = [
    ['', 'direct', false],
    ['amq.direct', 'direct', false],
    ['amq.fanout', 'fanout', false],
    ['amq.headers', 'headers', false],
    ['amq.match', 'headers', false],
    ['amq.rabbitmq.trace', 'topic', true],
    ['amq.topic', 'topic', false],
  ] as const;
  return standard.map(([name, type, internal]) => ({
    vhost,
    name,
    type,
    durable: true,
    autoDelete: false,
    internal,
    arguments: [],
    ...(user === undefined ? {} : { user }),
  }));
}
