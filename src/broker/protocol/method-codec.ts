/**
 * Methods to and from bytes by the method table (AMQP 0-9-1, 4.2.4 and 4.2.5): consecutive bits share octets,
 * the first in the lowest bit. Malformed arguments are refused in RabbitMQ's words.
 */
import { isUtf8 } from 'node:buffer';
import { AmqpError } from './amqp-error.js';
import type { FieldTable } from './field-table.js';
import { decodeFieldTable, fieldTableSize, writeFieldTable } from './field-table-codec.js';
import { emptyFrameSize, frameEnd, frameType } from './frame.js';
import { type Arguments, type Domains, type Fields, type MethodName, methods } from './methods.js';

type Value = Domains[keyof Domains];

/** Decodes the arguments, which fill `bytes` from `start` to `end`. */
export function decodeArguments<N extends MethodName>(
  name: N,
  bytes: Buffer,
  start: number,
  end: number,
): Arguments<N> {
  const reader = new ArgumentReader(bytes, start, end);
  const decoded: Record<string, Value> = {};
  const fields: Fields = methods[name].fields;
  for (const field in fields) decoded[field] = reader.next(fields[field]!);
  reader.finish();
  return decoded as Arguments<N>;
}

/** One whole method frame. Arguments left out are zero, empty or false. */
export function encodeMethod<N extends MethodName>(
  channel: number,
  name: N,
  args: Partial<Arguments<N>>,
): Buffer {
  const { classId, methodId } = methods[name];
  const fields: Fields = methods[name].fields;
  const values = args as Record<string, Value | undefined>;
  const size = 4 + argumentsSize(fields, values);
  const frame = Buffer.allocUnsafe(size + emptyFrameSize);
  frame[0] = frameType.method;
  frame.writeUInt16BE(channel, 1);
  frame.writeUInt32BE(size, 3);
  frame.writeUInt16BE(classId, 7);
  frame.writeUInt16BE(methodId, 9);
  writeArguments(frame, 11, fields, values);
  frame[size + 7] = frameEnd;
  return frame;
}

class ArgumentReader {
  /** Mask of the next bit in the octet of bits, 0 = none is open. */
  #bit = 0;
  readonly #start: number;

  constructor(
    private readonly bytes: Buffer,
    private offset: number,
    private readonly end: number,
  ) {
    this.#start = offset;
  }

  next(domain: keyof Domains): Value {
    if (domain === 'bit') return this.#nextBit();
    this.#bit = 0;
    const { bytes } = this;
    switch (domain) {
      case 'octet':
        return bytes[this.#take(1)]!;
      case 'short':
        return bytes.readUInt16BE(this.#take(2));
      case 'long':
        return bytes.readUInt32BE(this.#take(4));
      case 'longlong': {
        const at = this.#take(8);
        return bytes.readUInt32BE(at) * 0x100000000 + bytes.readUInt32BE(at + 4);
      }
      case 'shortstr':
        return this.#shortString();
      case 'longstr': {
        const start = this.#sized();
        return Buffer.from(bytes.subarray(start, this.offset));
      }
      case 'table': {
        const start = this.#sized();
        return decodeFieldTable(bytes, start, this.offset);
      }
    }
  }

  finish(): void {
    if (this.offset !== this.end) throw this.#undecodable();
  }

  #nextBit(): boolean {
    if (this.#bit === 0 || this.#bit > 0x80) {
      this.#take(1);
      this.#bit = 1;
    }
    const set = (this.bytes[this.offset - 1]! & this.#bit) !== 0;
    this.#bit <<= 1;
    return set;
  }

  #shortString(): string {
    const length = this.bytes[this.#take(1)]!;
    const start = this.#take(length);
    return decodeShortString(this.bytes, start, this.offset);
  }

  #sized(): number {
    const length = this.bytes.readUInt32BE(this.#take(4));
    return this.#take(length);
  }

  #take(length: number): number {
    const at = this.offset;
    if (at + length > this.end) throw this.#undecodable();
    this.offset = at + length;
    return at;
  }

  #undecodable(): AmqpError {
    const octets = [...this.bytes.subarray(this.#start, Math.min(this.end, this.#start + 128))];
    return new AmqpError('FRAME_ERROR', `cannot decode <<${octets.join(',')}>>`);
  }
}

/** A short string must be UTF-8 (4.2.5.3). */
export function decodeShortString(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end);
  if (text.includes('\ufffd') && !isUtf8(bytes.subarray(start, end))) throw malformedShortString();
  return text;
}

function malformedShortString(): AmqpError {
  return new AmqpError('FRAME_ERROR', 'Malformed UTF-8 in shortstr');
}

function argumentsSize(fields: Fields, values: Record<string, Value | undefined>): number {
  let size = 0;
  let bits = 0;
  for (const name in fields) {
    const domain = fields[name]!;
    if (domain === 'bit') {
      if (bits++ % 8 === 0) size += 1;
      continue;
    }
    bits = 0;
    size += sizeOf(domain, values[name]);
  }
  return size;
}

function sizeOf(domain: Exclude<keyof Domains, 'bit'>, value: Value | undefined): number {
  switch (domain) {
    case 'octet':
      return 1;
    case 'short':
      return 2;
    case 'long':
      return 4;
    case 'longlong':
      return 8;
    case 'shortstr':
      return 1 + shortLength((value as string | undefined) ?? '');
    case 'longstr':
      return 4 + ((value as Buffer | undefined)?.length ?? 0);
    case 'table':
      return 4 + fieldTableSize((value as FieldTable | undefined) ?? []);
  }
}

function shortLength(text: string): number {
  const length = Buffer.byteLength(text);
  if (length > 255)
    throw new RangeError(`a short string has at most 255 octets: ${text.slice(0, 40)}… has ${length}`);
  return length;
}

function writeArguments(
  frame: Buffer,
  at: number,
  fields: Fields,
  values: Record<string, Value | undefined>,
): void {
  let offset = at;
  let bit = 0;
  for (const name in fields) {
    const domain = fields[name]!;
    if (domain !== 'bit') {
      bit = 0;
      offset = writeArgument(frame, offset, domain, values[name]);
      continue;
    }
    if (bit === 0 || bit > 0x80) {
      bit = 1;
      frame[offset++] = 0;
    }
    if (values[name]) frame[offset - 1]! |= bit;
    bit <<= 1;
  }
}

function writeArgument(
  frame: Buffer,
  at: number,
  domain: Exclude<keyof Domains, 'bit'>,
  value: Value | undefined,
): number {
  const number = (value as number | undefined) ?? 0;
  switch (domain) {
    case 'octet':
      return frame.writeUInt8(number, at);
    case 'short':
      return frame.writeUInt16BE(number, at);
    case 'long':
      return frame.writeUInt32BE(number, at);
    case 'longlong':
      frame.writeUInt32BE(Math.floor(number / 0x100000000), at);
      return frame.writeUInt32BE(number % 0x100000000, at + 4);
    case 'shortstr': {
      const length = frame.write((value as string | undefined) ?? '', at + 1);
      frame[at] = length;
      return at + 1 + length;
    }
    case 'longstr': {
      const bytes = (value as Buffer | undefined) ?? Buffer.alloc(0);
      frame.writeUInt32BE(bytes.length, at);
      return at + 4 + bytes.copy(frame, at + 4);
    }
    case 'table': {
      const end = writeFieldTable(frame, at + 4, (value as FieldTable | undefined) ?? []);
      frame.writeUInt32BE(end - at - 4, at);
      return end;
    }
  }
}
