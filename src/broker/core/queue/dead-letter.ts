/**
 * What RabbitMQ writes on a message that it dead-letters: the header `x-death`, an array of tables, one for each
 * pair of queue and reason, the latest first, with the number of times it happened; and three `x-first-death-`
 * headers, written once. The expiration is taken off (kept as original-expiration), since the message would
 * expire again at once where it goes. To the byte as RabbitMQ leaves them: headers in the order of their names; a
 * record that starts the array with its fields in their own order, one that joins others in that of their names;
 * the older records turned round each time.
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
    persistent: properties.deliveryMode === 2,
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
    { key: 'reason', type: 'S', value: death.reason },
    { key: 'queue', type: 'S', value: death.queue },
    { key: 'time', type: 'T', value: Math.floor(death.now / 1000) },
    { key: 'exchange', type: 'S', value: message.exchange },
    { key: 'routing-keys', type: 'A', value: keys },
  ];
  if (expiration !== undefined) record.push({ key: 'original-expiration', type: 'S', value: expiration });
  return record;
}

function withDeath(headers: FieldTable, record: FieldTable, death: Death, exchange: string): FieldTable {
  const known = field(headers, 'x-death');
  const alone: Field = { key: 'x-death', type: 'A', value: [{ type: 'F', value: record }] };
  if (known === undefined) {
    const first: FieldTable = [
      alone,
      { key: 'x-first-death-exchange', type: 'S', value: exchange },
      { key: 'x-first-death-queue', type: 'S', value: death.queue },
      { key: 'x-first-death-reason', type: 'S', value: death.reason },
    ];
    return sorted(replaced(headers, first));
  }
  if (known.type !== 'A') return sorted(replaced(headers, [alone]));
  const deaths: Field = { key: 'x-death', type: 'A', value: counted(known.value, record, death) };
  return sorted(replaced(headers, [deaths]));
}

/** The record of the same queue and reason, one higher, before the others; or the new record. */
function counted(deaths: readonly FieldValue[], record: FieldTable, death: Death): FieldValue[] {
  const groups = new Map<string, FieldTable>();
  for (const each of deaths) {
    if (each.type !== 'F') continue;
    const group = groupOf(textOf(each.value, 'queue'), textOf(each.value, 'reason'));
    if (!groups.has(group)) groups.set(group, each.value);
  }
  const mine = groupOf(death.queue, death.reason);
  const match = groups.get(mine);
  groups.delete(mine);
  const others = [...groups.values()].reverse();
  const latest = match === undefined ? record : oneHigher(match);
  return [sorted(latest), ...others].map((value) => ({ type: 'F', value }));
}

const groupOf = (queue = '', reason = '') => `${queue}\0${reason}`;

function oneHigher(record: FieldTable): FieldTable {
  const count = Number(field(record, 'count')?.value ?? 0) + 1;
  return replaced(record, [{ key: 'count', type: 'l', value: count }]);
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
