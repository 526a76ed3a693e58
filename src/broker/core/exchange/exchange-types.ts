/**
 * The exchange types there are, by name, and what a type checks of its own. One that a plugin brings can be
 * declared while the plugin runs.
 */
import type { FieldTable } from '../../protocol/field-table.js';
import type { BindingIndex } from './binding-index.js';
import { ConsistentHashIndex, checkHashArguments, checkWeight } from './consistent-hash.js';
import { DirectIndex } from './direct.js';
import { FanoutIndex } from './fanout.js';
import { HeadersIndex } from './headers.js';
import { RandomIndex } from './random.js';
import { TopicIndex } from './topic.js';

export interface ExchangeType {
  readonly name: string;
  readonly description: string;
  /** The plugin that brings it. */
  readonly plugin?: string;
  createIndex<D>(table: FieldTable): BindingIndex<D>;
  /** Throw 406. */
  checkArguments?(table: FieldTable): void;
  checkBinding?(routingKey: string): void;
}

const exchangeTypes: readonly ExchangeType[] = [
  {
    name: 'direct',
    description: 'AMQP direct exchange, as per the AMQP specification',
    createIndex: () => new DirectIndex(),
  },
  {
    name: 'fanout',
    description: 'AMQP fanout exchange, as per the AMQP specification',
    createIndex: () => new FanoutIndex(),
  },
  {
    name: 'headers',
    description: 'AMQP headers exchange, as per the AMQP specification',
    createIndex: () => new HeadersIndex(),
  },
  {
    name: 'topic',
    description: 'AMQP topic exchange, as per the AMQP specification',
    createIndex: () => new TopicIndex(),
  },
  {
    name: 'x-consistent-hash',
    description: 'Consistent Hashing Exchange',
    plugin: 'rabbitmq_consistent_hash_exchange',
    createIndex: (table) => new ConsistentHashIndex(table),
    checkArguments: checkHashArguments,
    checkBinding: checkWeight,
  },
  {
    name: 'x-random',
    description: 'Randomly picks a binding (queue) to route via (to).',
    plugin: 'rabbitmq_random_exchange',
    createIndex: () => new RandomIndex(),
  },
];

/** Those that may be declared while `plugins` run. */
export function availableTypes(plugins: ReadonlySet<string>): ExchangeType[] {
  return exchangeTypes.filter(({ plugin }) => plugin === undefined || plugins.has(plugin));
}

export function exchangeType(name: string): ExchangeType | undefined {
  return exchangeTypes.find((type) => type.name === name);
}
