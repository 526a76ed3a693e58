/**
 * What RabbitMQ writes on a message that it dead-letters: the header `x-death`, an array of tables, one for each
 * pair of queue and reason, the latest first, with the number of times it happened; and three `x-first-death-`
 * headers, written once. The expiration is taken off (kept as original-expiration), since the message would
 * expire again at once where it goes. Headers come out in the order of their names, as RabbitMQ leaves them.
 */
import { type Field, type FieldTable, type FieldValue, field } from '../../protocol/field-table.js';
import { decodeProperties, encodeProperties, property } from '../../protocol/properties.js';
import type { Message } from '../message.js';

export type DeathReason = 'rejected' | 'expired' | 'maxlen' | 'delivery_limit';

export interface Death {
  reason: DeathReason;
  queue: string;
  /** Where the message goes now, and by which key; null keeps its own. */
  exchange: string;
  routingKey: string | null;
  /** Milliseconds since 1970. */
  now: number;
}

export function deadLettered(message: Message, death: Death): Message {
  const properties = decodeProperties(message.properties);
  const before = properties.headers ?? [];
  const carbonCopies = death.routingKey === null ? before : before.filter(({ key }) => key !== 'CC');
  const record = recordOf(message, death, before, properties.expiration);
  properties.headers = withDeath(carbonCopies, record, death, message.exchange);
  delete properties.expiration;
  return {
    exchange: death.exchange,
    routingKey: death.routingKey ?? message.routingKey,
    properties: encodeProperties(properties),
    body: message.body,
    persistent: message.persistent,
    priority: message.priority,
    expiration: -1,
  };
}

/**
 * Would the message, already recorded as dead, come back to this queue without anyone having rejected it on the
 * way? Such a message is dropped, or it would go round for ever.
 */
export function isDeathCycle(message: Message, queue: string): boolean {
  const headers = property(message.properties, 'headers') ?? [];
  const deaths = field(headers, 'x-death');
  if (deaths?.type !== 'A') return false;
  const tables = deaths.value.map((each) => (each.type === 'F' ? each.value : []));
  const last = tables.findIndex((table) => textOf(table, 'queue') === queue);
  if (last === -1) return false;
  return tables.slice(0, last + 1).every((table) => textOf(table, 'reason') !== 'rejected');
}

function recordOf(message: Message, death: Death, headers: FieldTable, expiration?: string): FieldTable {
  const copies = field(headers, 'CC');
  const keys: FieldValue[] = [{ type: 'S', value: message.routingKey }];
  if (copies?.type === 'A') keys.push(...copies.value.filter((each) => each.type === 'S'));
  const record: FieldTable = [
    { key: 'count', type: 'l', value: 1 },
    { key: 'exchange', type: 'S', value: message.exchange },
    { key: 'queue', type: 'S', value: death.queue },
    { key: 'reason', type: 'S', value: death.reason },
    { key: 'routing-keys', type: 'A', value: keys },
    { key: 'time', type: 'T', value: Math.floor(death.now / 1000) },
  ];
  if (expiration !== undefined) record.push({ key: 'original-expiration', type: 'S', value: expiration });
  return sorted(record);
}

function withDeath(headers: FieldTable, record: FieldTable, death: Death, exchange: string): FieldTable {
  const known = field(headers, 'x-death');
  if (known?.type !== 'A') {
    const first: FieldTable = [
      { key: 'x-death', type: 'A', value: [{ type: 'F', value: record }] },
      { key: 'x-first-death-exchange', type: 'S', value: exchange },
      { key: 'x-first-death-queue', type: 'S', value: death.queue },
      { key: 'x-first-death-reason', type: 'S', value: death.reason },
    ];
    return sorted(replaced(headers, first));
  }
  const deaths: Field = { key: 'x-death', type: 'A', value: counted(known.value, record, death) };
  return sorted(replaced(headers, [deaths]));
}

/** The record of the same queue and reason, one higher, before the others; or the new record. */
function counted(deaths: readonly FieldValue[], record: FieldTable, death: Death): FieldValue[] {
  const same = (each: FieldValue) =>
    each.type === 'F' &&
    textOf(each.value, 'queue') === death.queue &&
    textOf(each.value, 'reason') === death.reason;
  const match = deaths.find(same);
  const others = deaths.filter((each) => !same(each));
  if (match?.type !== 'F') return [{ type: 'F', value: record }, ...others];
  const count = Number(field(match.value, 'count')?.value ?? 0) + 1;
  const higher = replaced(match.value, [{ key: 'count', type: 'l', value: count }]);
  return [{ type: 'F', value: sorted(higher) }, ...others];
}

function replaced(table: FieldTable, fields: FieldTable): FieldTable {
  const names = new Set(fields.map(({ key }) => key));
  return [...table.filter(({ key }) => !names.has(key)), ...fields];
}

function sorted(table: FieldTable): FieldTable {
  return table.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

function textOf(table: FieldTable, key: string): string | undefined {
  const value = field(table, key);
  return value?.type === 'S' ? String(value.value) : undefined;
}
