import { AmqpError } from '../protocol/amqp-error.js';

/** The refusal of an expiration that is not whole milliseconds, in RabbitMQ's words. */
export function invalidExpiration(expiration: string): AmqpError {
  return new AmqpError('PRECONDITION_FAILED', `invalid expiration '${expiration}': ${reason(expiration)}`);
}

function reason(expiration: string): string {
  const number = /^[+-]?\d+/.exec(expiration)?.[0];
  if (number === undefined) return 'no_integer';
  if (number.length < expiration.length) {
    return `{leftover_string,${JSON.stringify(expiration.slice(number.length))}}`;
  }
  const value = BigInt(number.replace('+', ''));
  return value < 0n ? `{value_negative,${value}}` : `{value_too_large,${value}}`;
}
