/**
 * The properties of class basic: the property flags and property list of a content header (AMQP 0-9-1, 4.2.6.1).
 *
 * A message keeps them as the bytes that came. `scanProperties` reads, in one walk without decoding a string,
 * what the broker looks at in every message, and proves the whole list well formed, so that everything later
 * may trust the bytes; the getters decode one property out of them; `decodeProperties` and `encodeProperties`
 * are for whoever rewrites them (dead-lettering) or builds a message of its own.
 */
import { AmqpError } from './amqp-error.js';
import type { FieldTable } from './field-table.js';
import { decodeFieldTable, fieldTableSize, writeFieldTable } from './field-table-codec.js';

/**
 * In the order of the flags' bits from the highest down. The two lowest bits mean nothing here and are let
 * pass, as RabbitMQ does (the lowest would announce more flags, 4.2.6.1, which class basic does not have).
 */
const layout = [
  ['contentType', 'shortstr'],
  ['contentEncoding', 'shortstr'],
  ['headers', 'table'],
  ['deliveryMode', 'octet'],
  ['priority', 'octet'],
  ['correlationId', 'shortstr'],
  ['replyTo', 'shortstr'],
  ['expiration', 'shortstr'],
  ['messageId', 'shortstr'],
  ['timestamp', 'timestamp'],
  ['type', 'shortstr'],
  ['userId', 'shortstr'],
  ['appId', 'shortstr'],
  ['clusterId', 'shortstr'],
] as const;

interface TypeOf {
  shortstr: string;
  table: FieldTable;
  octet: number;
  timestamp: number | bigint;
}

type Layout = (typeof layout)[number];
export type PropertyName = Layout[0];
export type Properties = { [P in Layout as P[0]]?: TypeOf[P[1]] };

export interface PropertyScan {
  /** delivery-mode 2 */
  persistent: boolean;
  priority: number;
  /** Milliseconds; -1 when absent, NaN when it is not a number that RabbitMQ accepts. */
  expiration: number;
  flags: number;
}

/** Ten years in milliseconds. */
const longestExpiration = 315_360_000_000;

const bitOf = (index: number) => 0x8000 >>> index;

export const propertyFlags = Object.fromEntries(
  layout.map(([name], index) => [name, bitOf(index)]),
) as unknown as Readonly<Record<PropertyName, number>>;

/** Properties without any property set. */
export const noProperties: Buffer = Buffer.from([0, 0]);

export function decodeProperties(bytes: Buffer): Properties {
  const properties: Record<string, unknown> = {};
  walk(bytes, (name, type, start, end) => {
    properties[name] = valueAt(bytes, type, start, end);
    return true;
  });
  return properties as Properties;
}

/** One property out of the bytes, without decoding the others; undefined when it is not set. */
export function property<P extends PropertyName>(bytes: Buffer, name: P): Properties[P] | undefined {
  if (((bytes[0]! << 8) | bytes[1]!) & propertyFlags[name]) {
    let found: unknown;
    walk(bytes, (at, type, start, end) => {
      if (at !== name) return true;
      found = valueAt(bytes, type, start, end);
      return false;
    });
    return found as Properties[P];
  }
  return undefined;
}

export function encodeProperties(properties: Properties): Buffer {
  let size = 2;
  let flags = 0;
  layout.forEach(([name, type], index) => {
    const value = properties[name];
    if (value === undefined) return;
    flags |= bitOf(index);
    size += sizeOf(type, value);
  });
  const bytes = Buffer.allocUnsafe(size);
  let offset = bytes.writeUInt16BE(flags, 0);
  for (const [name, type] of layout) {
    const value = properties[name];
    if (value !== undefined) offset = writeAt(bytes, offset, type, value);
  }
  return bytes;
}

/** Reads what every message is asked for; throws when the list is malformed, 406 for a delivery mode that is none. */
export function scanProperties(bytes: Buffer): PropertyScan {
  const scan: PropertyScan = { persistent: false, priority: 0, expiration: -1, flags: 0 };
  scan.flags = walk(bytes, (name, type, start, end) => {
    if (name === 'deliveryMode') scan.persistent = isPersistent(bytes[start]!);
    else if (name === 'priority') scan.priority = bytes[start]!;
    else if (name === 'expiration') scan.expiration = parseExpiration(bytes, start, end);
    else if (type === 'table') decodeFieldTable(bytes, start, end);
    return true;
  });
  return scan;
}

function isPersistent(deliveryMode: number): boolean {
  if (deliveryMode === 1 || deliveryMode === 2) return deliveryMode === 2;
  throw new AmqpError('PRECONDITION_FAILED', `invalid message: {delivery_mode_unknown,${deliveryMode}}`);
}

/** Whole decimal milliseconds, as RabbitMQ takes them; a plus may stand before them. */
function parseExpiration(bytes: Buffer, start: number, end: number): number {
  const first = bytes[start] === 0x2b ? start + 1 : start;
  if (first >= end) return Number.NaN;
  let value = 0;
  for (let offset = first; offset < end; offset++) {
    const digit = bytes[offset]! - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value <= longestExpiration ? value : Number.NaN;
}

/** Calls `visit` with each property's place until it answers false; answers with the flags. */
function walk(
  bytes: Buffer,
  visit: (name: PropertyName, type: Layout[1], start: number, end: number) => boolean,
): number {
  if (bytes.length < 2) throw malformed();
  const flags = bytes.readUInt16BE(0);
  let offset = 2;
  for (let index = 0; index < layout.length; index++) {
    if ((flags & bitOf(index)) === 0) continue;
    const [name, type] = layout[index]!;
    const start = offset + (type === 'shortstr' ? 1 : type === 'table' ? 4 : 0);
    if (start > bytes.length) throw malformed();
    const end = start + bodyLength(bytes, type, offset);
    if (end > bytes.length) throw malformed();
    if (!visit(name, type, start, end)) return flags;
    offset = end;
  }
  if (offset !== bytes.length) throw malformed();
  return flags;
}

function bodyLength(bytes: Buffer, type: Layout[1], offset: number): number {
  if (type === 'shortstr') return bytes[offset]!;
  if (type === 'table') return bytes.readUInt32BE(offset);
  return type === 'octet' ? 1 : 8;
}

function valueAt(bytes: Buffer, type: Layout[1], start: number, end: number): unknown {
  if (type === 'shortstr') return bytes.toString('utf8', start, end);
  if (type === 'table') return decodeFieldTable(bytes, start, end);
  if (type === 'octet') return bytes[start];
  const value = bytes.readBigUInt64BE(start);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

function sizeOf(type: Layout[1], value: Properties[PropertyName]): number {
  if (type === 'shortstr') return 1 + Buffer.byteLength(value as string);
  if (type === 'table') return 4 + fieldTableSize(value as FieldTable);
  return type === 'octet' ? 1 : 8;
}

function writeAt(bytes: Buffer, at: number, type: Layout[1], value: Properties[PropertyName]): number {
  if (type === 'shortstr') {
    const length = bytes.write(value as string, at + 1);
    if (length > 255) throw new RangeError(`a property of ${length} octets: a short string has at most 255`);
    bytes[at] = length;
    return at + 1 + length;
  }
  if (type === 'table') {
    const end = writeFieldTable(bytes, at + 4, value as FieldTable);
    bytes.writeUInt32BE(end - at - 4, at);
    return end;
  }
  if (type === 'octet') return bytes.writeUInt8(value as number, at);
  return bytes.writeBigUInt64BE(BigInt(value as number | bigint), at);
}

function malformed(): AmqpError {
  return new AmqpError('SYNTAX_ERROR', 'malformed content header properties');
}
