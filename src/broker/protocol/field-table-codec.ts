/**
 * Field tables and arrays, to and from bytes (AMQP 0-9-1, 4.2.5.5, with RabbitMQ's type octets). What was read is
 * written back byte for byte, except that a boolean's true is written as 1 and type L, another word for l, as l.
 * Malformed input is a SYNTAX_ERROR; nesting is bounded so that no client can exhaust the stack.
 */
import { AmqpError } from './amqp-error.js';
import type { Field, FieldTable, FieldValue } from './field-table.js';

const deepest = 128;
const safeLow = BigInt(Number.MIN_SAFE_INTEGER);
const safeHigh = BigInt(Number.MAX_SAFE_INTEGER);

/** Decodes the table whose fields fill `bytes` from `start` to `end` (the 4-octet size is not part of it). */
export function decodeFieldTable(bytes: Buffer, start = 0, end = bytes.length): FieldTable {
  return new TableReader(bytes, end).table(start, end, 0);
}

/** The fields' bytes, without the 4-octet size. */
export function encodeFieldTable(table: FieldTable): Buffer {
  const bytes = Buffer.allocUnsafe(fieldTableSize(table));
  writeFieldTable(bytes, 0, table);
  return bytes;
}

/** Octets of the table's fields, without the 4-octet size. */
export function fieldTableSize(table: FieldTable): number {
  let size = 0;
  for (const field of table) size += 1 + Buffer.byteLength(field.key) + 1 + valueSize(field);
  return size;
}

/** Writes the table's fields at `at`; answers with the offset behind them. */
export function writeFieldTable(bytes: Buffer, at: number, table: FieldTable): number {
  let offset = at;
  for (const field of table) {
    const length = bytes.write(field.key, offset + 1);
    if (length > 255)
      throw new RangeError(`a field name of ${length} octets: a short string has at most 255`);
    bytes[offset] = length;
    offset = writeValue(bytes, offset + 1 + length, field);
  }
  return offset;
}

class TableReader {
  #offset = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly limit: number,
  ) {}

  table(start: number, end: number, depth: number): FieldTable {
    const fields: FieldTable = [];
    this.#offset = start;
    while (this.#offset < end) {
      const length = this.#octet();
      const from = this.#take(length);
      const key = this.bytes.toString('utf8', from, from + length);
      const value = this.#value(depth) as Field;
      value.key = key;
      fields.push(value);
    }
    if (this.#offset !== end) throw malformed();
    return fields;
  }

  #array(start: number, end: number, depth: number): FieldValue[] {
    const values: FieldValue[] = [];
    this.#offset = start;
    while (this.#offset < end) values.push(this.#value(depth));
    if (this.#offset !== end) throw malformed();
    return values;
  }

  #value(depth: number): FieldValue {
    const type = String.fromCharCode(this.#octet());
    const { bytes } = this;
    switch (type) {
      case 't':
        return { type, value: bytes[this.#take(1)] !== 0 };
      case 'b':
        return { type, value: bytes.readInt8(this.#take(1)) };
      case 'B':
        return { type, value: bytes.readUInt8(this.#take(1)) };
      case 's':
        return { type, value: bytes.readInt16BE(this.#take(2)) };
      case 'u':
        return { type, value: bytes.readUInt16BE(this.#take(2)) };
      case 'I':
        return { type, value: bytes.readInt32BE(this.#take(4)) };
      case 'i':
        return { type, value: bytes.readUInt32BE(this.#take(4)) };
      case 'l':
      case 'L':
        return { type: 'l', value: narrow(bytes.readBigInt64BE(this.#take(8))) };
      case 'T':
        return { type, value: narrow(bytes.readBigUInt64BE(this.#take(8))) };
      case 'f':
        return { type, value: bytes.readFloatBE(this.#take(4)) };
      case 'd':
        return { type, value: bytes.readDoubleBE(this.#take(8)) };
      case 'V':
        return { type, value: null };
      default:
        return this.#sized(type, depth);
    }
  }

  #sized(type: string, depth: number): FieldValue {
    if (type === 'D') {
      const at = this.#take(5);
      return { type, value: { scale: this.bytes[at] as number, unscaled: this.bytes.readUInt32BE(at + 1) } };
    }
    if (type !== 'S' && type !== 'x' && type !== 'A' && type !== 'F') throw malformed();
    const length = this.bytes.readUInt32BE(this.#take(4));
    const start = this.#take(length);
    if (type === 'S') return { type, value: text(this.bytes, start, start + length) };
    if (type === 'x') return { type, value: Buffer.from(this.bytes.subarray(start, start + length)) };
    if (depth >= deepest) throw new AmqpError('SYNTAX_ERROR', `field table nested deeper than ${deepest}`);
    const value =
      type === 'F'
        ? { type, value: this.table(start, start + length, depth + 1) }
        : { type, value: this.#array(start, start + length, depth + 1) };
    return value as FieldValue;
  }

  #octet(): number {
    return this.bytes[this.#take(1)] as number;
  }

  /** Advances by `length`, answers with the offset before. */
  #take(length: number): number {
    const at = this.#offset;
    if (at + length > this.limit) throw malformed();
    this.#offset = at + length;
    return at;
  }
}

function malformed(): AmqpError {
  return new AmqpError('SYNTAX_ERROR', 'malformed field table');
}

function narrow(value: bigint): number | bigint {
  return value >= safeLow && value <= safeHigh ? Number(value) : value;
}

function text(bytes: Buffer, start: number, end: number): string | Buffer {
  const decoded = bytes.toString('utf8', start, end);
  if (!decoded.includes('\ufffd')) return decoded;
  const raw = bytes.subarray(start, end);
  return Buffer.from(decoded).equals(raw) ? decoded : Buffer.from(raw);
}

function valueSize(field: FieldValue): number {
  switch (field.type) {
    case 't':
    case 'b':
    case 'B':
      return 1;
    case 's':
    case 'u':
      return 2;
    case 'I':
    case 'i':
    case 'f':
      return 4;
    case 'l':
    case 'T':
    case 'd':
      return 8;
    case 'D':
      return 5;
    case 'V':
      return 0;
    case 'S':
      return 4 + (typeof field.value === 'string' ? Buffer.byteLength(field.value) : field.value.length);
    case 'x':
      return 4 + field.value.length;
    case 'F':
      return 4 + fieldTableSize(field.value);
    case 'A':
      return 4 + field.value.reduce((size, item) => size + 1 + valueSize(item), 0);
  }
}

/** Writes the type octet and the value; answers with the offset behind. */
function writeValue(bytes: Buffer, at: number, field: FieldValue): number {
  bytes[at] = field.type.charCodeAt(0);
  const offset = at + 1;
  switch (field.type) {
    case 't':
      return bytes.writeUInt8(field.value ? 1 : 0, offset);
    case 'b':
      return bytes.writeInt8(field.value, offset);
    case 'B':
      return bytes.writeUInt8(field.value, offset);
    case 's':
      return bytes.writeInt16BE(field.value, offset);
    case 'u':
      return bytes.writeUInt16BE(field.value, offset);
    case 'I':
      return bytes.writeInt32BE(field.value, offset);
    case 'i':
      return bytes.writeUInt32BE(field.value, offset);
    case 'l':
      return bytes.writeBigInt64BE(BigInt(field.value), offset);
    case 'T':
      return bytes.writeBigUInt64BE(BigInt(field.value), offset);
    case 'f':
      return bytes.writeFloatBE(field.value, offset);
    case 'd':
      return bytes.writeDoubleBE(field.value, offset);
    case 'D':
      bytes[offset] = field.value.scale;
      return bytes.writeUInt32BE(field.value.unscaled, offset + 1);
    case 'V':
      return offset;
    default:
      return writeSized(bytes, offset, field);
  }
}

function writeSized(
  bytes: Buffer,
  at: number,
  field: Extract<FieldValue, { type: 'S' | 'x' | 'F' | 'A' }>,
): number {
  const start = at + 4;
  let end = start;
  if (field.type === 'F') end = writeFieldTable(bytes, start, field.value);
  else if (field.type === 'A') for (const item of field.value) end = writeValue(bytes, end, item);
  else if (typeof field.value === 'string') end += bytes.write(field.value, start);
  else end += field.value.copy(bytes, start);
  bytes.writeUInt32BE(end - start, at);
  return end;
}
