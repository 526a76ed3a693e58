/**
 * The exchange types there are, by name. A plugin that brings a type adds it here when it is enabled.
 */
import { AmqpError } from '../../protocol/amqp-error.js';
import { type FieldTable, field } from '../../protocol/field-table.js';
import type { BindingIndex } from './binding-index.js';
import { DirectIndex } from './direct.js';
import { FanoutIndex } from './fanout.js';
import { HeadersIndex, headersMatches } from './headers.js';
import { TopicIndex } from './topic.js';

export interface ExchangeType {
  readonly name: string;
  readonly description: string;
  createIndex<D>(): BindingIndex<D>;
  /** Throws PRECONDITION_FAILED. */
  validateBinding(args: FieldTable): void;
}

const anyBinding = () => {};

export const standardExchangeTypes: readonly ExchangeType[] = [
  {
    name: 'direct',
    description: 'AMQP direct exchange, as per the AMQP specification',
    createIndex: () => new DirectIndex(),
    validateBinding: anyBinding,
  },
  {
    name: 'fanout',
    description: 'AMQP fanout exchange, as per the AMQP specification',
    createIndex: () => new FanoutIndex(),
    validateBinding: anyBinding,
  },
  {
    name: 'headers',
    description: 'AMQP headers exchange, as per the AMQP specification',
    createIndex: () => new HeadersIndex(),
    validateBinding: validateHeadersBinding,
  },
  {
    name: 'topic',
    description: 'AMQP topic exchange, as per the AMQP specification',
    createIndex: () => new TopicIndex(),
    validateBinding: anyBinding,
  },
];

export function exchangeType(name: string): ExchangeType | undefined {
  return standardExchangeTypes.find((type) => type.name === name);
}

function validateHeadersBinding(args: FieldTable): void {
  const match = field(args, 'x-match');
  if (match === undefined) return;
  if (match.type !== 'S') {
    throw new AmqpError('PRECONDITION_FAILED', `Invalid x-match field type ${match.type}; expected longstr`);
  }
  if (headersMatches.some((kind) => kind === match.value)) return;
  throw new AmqpError(
    'PRECONDITION_FAILED',
    `Invalid x-match field value "${match.value}"; expected all, any, all-with-x, or any-with-x`,
  );
}
