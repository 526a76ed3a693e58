/** Exchange types and what RabbitMQ checks in exchanges' and bindings' arguments. */
import { AmqpError } from '../../../protocol/amqp-error.js';
import { type FieldTable, field } from '../../../protocol/field-table.js';
import { exchangeType } from '../../exchange/exchange-types.js';
import { headersMatches } from '../../exchange/headers.js';
import { named } from '../named.js';
import type { ExchangeRow } from '../rows.js';
import { shown, typeName } from './field-types.js';

/** 503: AMQP 0-9-1 exchange.declare, rule "support". */
export function checkExchangeType(type: string): void {
  if (exchangeType(type) === undefined) {
    throw new AmqpError('COMMAND_INVALID', `unknown exchange type '${type}'`);
  }
}

export function checkExchangeArguments(name: string, vhost: string, table: FieldTable): void {
  const alternate = field(table, 'alternate-exchange');
  if (alternate === undefined || alternate.type === 'S') return;
  throw new AmqpError(
    'PRECONDITION_FAILED',
    `invalid type '${typeName(alternate)}' for arg 'alternate-exchange' in ${named('exchange', name, vhost)}`,
  );
}

/** Arguments of a binding from a headers exchange. */
export function checkBindingArguments(source: ExchangeRow, table: FieldTable): void {
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
