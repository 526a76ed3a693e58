/**
 * The x- arguments of queues and consumers: which ones a queue type knows, their types and ranges, and when two
 * declarations are equivalent. Unknown arguments are kept and ignored. RabbitMQ checks the types of the values
 * first, in its own fixed order, then refuses arguments that belong to another queue type.
 */
import { AmqpError } from '../../../protocol/amqp-error.js';
import { type FieldTable, type FieldValue, field } from '../../../protocol/field-table.js';
import { named } from '../named.js';
import type { QueueRow } from '../rows.js';
import { exactIntegerOf, sameValue, shown, stringOf, typeName } from './field-types.js';

type QueueType = QueueRow['type'];
/** An Erlang term as RabbitMQ prints it, or null when the value is good. */
type Check = (value: FieldValue, all: FieldTable) => string | null;

/** Ten years. */
const MAX_EXPIRY = 315_360_000_000;

const unacceptable = (value: FieldValue) => `{unacceptable_type,${typeName(value)}}`;

type Integer = number | bigint;

function integer(value: FieldValue, range: (n: Integer) => string | null): string | null {
  const n = exactIntegerOf(value);
  return n === null ? `"expected integer, got ${typeName(value)}"` : range(n);
}

const notNegative = (n: Integer) => (n < 0 ? `{value_negative,${n}}` : null);
const expiry = (n: Integer) => notNegative(n) ?? (n > MAX_EXPIRY ? `{value_too_large,${n}}` : null);
const positive = (n: Integer) => (n === 0 ? `{value_zero,${n}}` : null);

const oneOf =
  (allowed: readonly string[], refusal: (text: string) => string): Check =>
  (value) => {
    const text = stringOf(value);
    if (text === null) return unacceptable(value);
    return allowed.includes(text) ? null : refusal(text);
  };

const bool: Check = (value) => (value.type === 't' ? null : unacceptable(value));
const size: Check = (value) => integer(value, notNegative);

const deadLetterRoutingKey: Check = (value, all) => {
  if (value.type !== 'S') return unacceptable(value);
  return field(all, 'x-dead-letter-exchange') === undefined ? 'routing_key_but_no_dlx_defined' : null;
};

const queueVersion: Check = (value) =>
  integer(value, (n) =>
    n === 1 || n === 2 ? null : (notNegative(n) ?? `"unsupported queue version '${n}'"`),
  );

const maxAge: Check = (value) => {
  const text = stringOf(value);
  if (text === null) return unacceptable(value);
  return /^\d+[YMDhms]$/.test(text) ? null : 'invalid_max_age';
};

const checks: Record<string, Check> = {
  'x-expires': (value) => integer(value, (n) => positive(n) ?? expiry(n)),
  'x-message-ttl': (value) => integer(value, expiry),
  'x-dead-letter-exchange': (value) => (value.type === 'S' ? null : unacceptable(value)),
  'x-dead-letter-routing-key': deadLetterRoutingKey,
  'x-dead-letter-strategy': oneOf(['at-most-once', 'at-least-once'], () => 'invalid_dlx_strategy'),
  'x-max-length': size,
  'x-max-length-bytes': size,
  'x-max-in-memory-length': size,
  'x-max-in-memory-bytes': size,
  'x-max-priority': (value) =>
    integer(value, (n) => notNegative(n) ?? (n > 255 ? `{max_value_exceeded,${n}}` : null)),
  'x-overflow': oneOf(['drop-head', 'reject-publish', 'reject-publish-dlx'], () => 'invalid_overflow'),
  'x-queue-mode': oneOf(['default', 'lazy'], (text) => `"unsupported queue mode '${text}'"`),
  'x-queue-version': queueVersion,
  'x-single-active-consumer': bool,
  'x-quorum-initial-group-size': (value) => integer(value, (n) => notNegative(n) ?? positive(n)),
  'x-max-age': maxAge,
  'x-stream-max-segment-size-bytes': size,
  'x-initial-cluster-size': (value) => integer(value, (n) => notNegative(n) ?? positive(n)),
  'x-queue-leader-locator': oneOf(
    ['client-local', 'random', 'least-leaders', 'balanced'],
    () => 'invalid_queue_locator_arg',
  ),
};

const known: Record<QueueType, readonly string[]> = {
  classic: [
    'x-expires',
    'x-message-ttl',
    'x-dead-letter-exchange',
    'x-dead-letter-routing-key',
    'x-max-length',
    'x-max-length-bytes',
    'x-max-priority',
    'x-overflow',
    'x-queue-mode',
    'x-queue-version',
    'x-single-active-consumer',
  ],
  quorum: [
    'x-dead-letter-exchange',
    'x-dead-letter-routing-key',
    'x-dead-letter-strategy',
    'x-expires',
    'x-max-length',
    'x-max-length-bytes',
    'x-max-in-memory-length',
    'x-max-in-memory-bytes',
    'x-message-ttl',
    'x-overflow',
    'x-single-active-consumer',
    'x-quorum-initial-group-size',
    'x-delivery-limit',
    'x-queue-leader-locator',
  ],
  stream: [
    'x-max-length-bytes',
    'x-max-age',
    'x-stream-max-segment-size-bytes',
    'x-initial-cluster-size',
    'x-queue-leader-locator',
  ],
};

const all = new Set(Object.values(known).flat());

function preconditionFailed(text: string): AmqpError {
  return new AmqpError('PRECONDITION_FAILED', text);
}

/** The queue type that `x-queue-type` asks for; throws 406 on one that is unknown. */
export function queueTypeOf(name: string, vhost: string, table: FieldTable): QueueType {
  const value = field(table, 'x-queue-type');
  if (value === undefined) return 'classic';
  const text = stringOf(value);
  if (text === 'classic' || text === 'quorum' || text === 'stream') return text;
  const reason = text === null ? unacceptable(value) : `"unsupported queue type '${text}'"`;
  throw preconditionFailed(`invalid arg 'x-queue-type' for ${named('queue', name, vhost)}: ${reason}`);
}

/** Throws 406 for the first argument that RabbitMQ would not take. */
export function checkQueueArguments(name: string, vhost: string, type: QueueType, table: FieldTable): void {
  const queue = named('queue', name, vhost);
  for (const key of known[type]) {
    const value = field(table, key);
    const reason = value === undefined ? null : (checks[key]?.(value, table) ?? null);
    if (reason !== null) throw preconditionFailed(`invalid arg '${key}' for ${queue}: ${reason}`);
  }
  for (const { key } of table) {
    if (all.has(key) && !known[type].includes(key)) {
      throw preconditionFailed(`invalid arg '${key}' for ${queue} of queue type rabbit_${type}_queue`);
    }
  }
}

/** Throws 406: quorum queues and streams are durable and shared. */
export function checkQueueProperties(row: QueueRow): void {
  if (row.type === 'classic') return;
  const property =
    row.exclusiveOwner !== null
      ? 'exclusive-owner'
      : !row.durable
        ? 'non-durable'
        : row.autoDelete
          ? 'auto-delete'
          : null;
  if (property === null) return;
  throw preconditionFailed(`invalid property '${property}' for ${named('queue', row.name, row.vhost)}`);
}

/** Throws 406 when a redeclaration differs from the queue in an argument that counts. */
export function checkEquivalentQueue(row: QueueRow, table: FieldTable): void {
  const same = queueTypeOf(row.name, row.vhost, table) === row.type;
  const keys = same ? known[row.type] : [...known[row.type], 'x-queue-type'];
  checkEquivalentArguments(named('queue', row.name, row.vhost), keys, row.arguments, table);
}

/** Throws 406 when `received` differs from `current` in one of `keys`. */
export function checkEquivalentArguments(
  where: string,
  keys: readonly string[],
  current: FieldTable,
  received: FieldTable,
): void {
  for (const key of keys) {
    const now = field(current, key);
    const wanted = field(received, key);
    if (now === undefined && wanted === undefined) continue;
    if (now !== undefined && wanted !== undefined && sameValue(now, wanted)) continue;
    throw preconditionFailed(`inequivalent arg '${key}' for ${where}: ${difference(now, wanted)}`);
  }
}

function difference(now: FieldValue | undefined, wanted: FieldValue | undefined): string {
  const value = (each: FieldValue) => `the value '${shown(each)}' of type '${typeName(each)}'`;
  if (now !== undefined && wanted !== undefined) {
    return `received '${shown(wanted)}' but current is '${shown(now)}'`;
  }
  const received = wanted === undefined ? 'none' : value(wanted);
  return `received ${received} but current is ${now === undefined ? 'none' : value(now)}`;
}

const consumerChecks: Record<QueueType, Record<string, Check>> = {
  classic: { 'x-priority': (value) => integer(value, () => null), 'x-cancel-on-ha-failover': bool },
  quorum: { 'x-priority': (value) => integer(value, () => null) },
  stream: {},
};
const allConsumerArguments = new Set(['x-priority', 'x-cancel-on-ha-failover', 'x-stream-offset']);

/** Throws 406 for an argument of basic.consume that RabbitMQ would not take. */
export function checkConsumerArguments(row: QueueRow, table: FieldTable): void {
  const queue = named('queue', row.name, row.vhost);
  const known = consumerChecks[row.type];
  for (const [key, check] of Object.entries(known)) {
    const value = field(table, key);
    const reason = value === undefined ? null : check(value, table);
    if (reason !== null) throw preconditionFailed(`invalid arg '${key}' for ${queue}: ${reason}`);
  }
  for (const { key } of table) {
    if (allConsumerArguments.has(key) && !(key in known)) {
      throw preconditionFailed(`invalid arg '${key}' for ${queue} of queue type rabbit_${row.type}_queue`);
    }
  }
}
