/** Exchange types and what RabbitMQ checks in exchanges' and bindings' arguments. */
import { AmqpError } from '../../../protocol/amqp-error.js';
import { type FieldTable, field } from '../../../protocol/field-table.js';
import { availableTypes, exchangeType } from '../../exchange/exchange-types.js';
import { headersMatches } from '../../exchange/headers.js';
import { named } from '../named.js';
import type { ExchangeRow } from '../rows.js';
import { shown, typeName } from './field-types.js';

/** 503: AMQP 0-9-1 exchange.declare, rule "support". Types of plugins count while those run. */
export function checkExchangeType(type: string, plugins: ReadonlySet<string>): void {
  if (!availableTypes(plugins).some(({ name }) => name === type)) {
    // Erlang knows the empty word.
    throw new AmqpError('COMMAND_INVALID', `${type === '' ? 'invalid' : 'unknown'} exchange type '${type}'`);
  }
}

export function checkExchangeArguments(
  { name, vhost, type }: Pick<ExchangeRow, 'name' | 'vhost' | 'type'>,
  table: FieldTable,
): void {
  exchangeType(type)?.checkArguments?.(table);
  const alternate = field(table, 'alternate-exchange');
  if (alternate === undefined || alternate.type === 'S') return;
  throw new AmqpError(
    'PRECONDITION_FAILED',
    `invalid type '${typeName(alternate)}' for arg 'alternate-exchange' in ${named('exchange', name, vhost)}`,
  );
}

/** What the source's type asks of a binding's key and arguments. */
export function checkBinding(source: ExchangeRow, routingKey: string, table: FieldTable): void {
  exchangeType(source.type)?.checkBinding?.(routingKey);
  if (source.type !== 'headers') return;
  const match = field(table, 'x-match');
  if (match === undefined) return;
  if (match.type !== 'S') {
    throw new AmqpError(
      'PRECONDITION_FAILED',
      `Invalid x-match field type ${typeName(match)} (value ${shown(match)}); expected longstr`,
    );
  }
  if (!headersMatches.some((kind) => kind === match.value)) {
    throw new AmqpError(
      'PRECONDITION_FAILED',
      `Invalid x-match field value <<"${match.value}">>; expected all, any, all-with-x, or any-with-x`,
    );
  }
}
