/**
 * The exchange types there are, by name. A plugin that brings a type adds it here when it is enabled.
 */
import type { BindingIndex } from './binding-index.js';
import { DirectIndex } from './direct.js';
import { FanoutIndex } from './fanout.js';
import { HeadersIndex } from './headers.js';
import { TopicIndex } from './topic.js';

export interface ExchangeType {
  readonly name: string;
  readonly description: string;
  createIndex<D>(): BindingIndex<D>;
}

const standardExchangeTypes: readonly ExchangeType[] = [
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
];

export function exchangeType(name: string): ExchangeType | undefined {
  return standardExchangeTypes.find((type) => type.name === name);
}
