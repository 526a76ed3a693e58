/**
 * Messages as bytes, on disk and on the links between nodes. Written by hand: it runs once for each message.
 *
 *   entry    position f64 · expiresAt f64 · flags u8 (1 redelivered) · message
 *   message  flags u8 (1 persistent) · priority u8 · expiration f64 · exchange u16+utf8 · routing key u16+utf8 ·
 *            properties u32+bytes · body u32+bytes
 *
 * All numbers are big-endian. What is decoded shares the memory of what it was decoded from: whoever keeps it
 * longer than the buffer copies it first.
 */
import type { Message, QueueEntry } from './message.js';

const REDELIVERED = 1;
const PERSISTENT = 1;
const ENTRY_FIXED = 8 + 8 + 1;
const MESSAGE_FIXED = 1 + 1 + 8 + 2 + 2 + 4 + 4;

export function entryLength(entry: QueueEntry): number {
  return ENTRY_FIXED + messageLength(entry.message);
}

export function messageLength(message: Message): number {
  return (
    MESSAGE_FIXED +
    Buffer.byteLength(message.exchange) +
    Buffer.byteLength(message.routingKey) +
    message.properties.length +
    message.body.length
  );
}

export function encodeEntry(entry: QueueEntry): Buffer {
  const bytes = Buffer.allocUnsafe(entryLength(entry));
  writeEntry(entry, bytes, 0);
  return bytes;
}

export function encodeMessage(message: Message): Buffer {
  const bytes = Buffer.allocUnsafe(messageLength(message));
  writeMessage(message, bytes, 0);
  return bytes;
}

/** Answers the offset behind the last byte written. */
export function writeEntry(entry: QueueEntry, bytes: Buffer, offset: number): number {
  const at = writeEntryHead(entry, bytes, offset);
  bytes.set(entry.message.body, at);
  return at + entry.message.body.length;
}

/** The entry without the bytes of its body, which are its last: for a body that is written beside it. */
export function writeEntryHead(entry: QueueEntry, bytes: Buffer, offset: number): number {
  bytes.writeDoubleBE(entry.position, offset);
  bytes.writeDoubleBE(entry.expiresAt, offset + 8);
  bytes[offset + 16] = entry.redelivered ? REDELIVERED : 0;
  return writeMessageHead(entry.message, bytes, offset + ENTRY_FIXED);
}

/** Answers the offset behind the last byte written. */
export function writeMessage(message: Message, bytes: Buffer, offset: number): number {
  const at = writeMessageHead(message, bytes, offset);
  bytes.set(message.body, at);
  return at + message.body.length;
}

function writeMessageHead(message: Message, bytes: Buffer, offset: number): number {
  bytes[offset] = message.persistent ? PERSISTENT : 0;
  bytes[offset + 1] = message.priority;
  bytes.writeDoubleBE(message.expiration, offset + 2);
  let at = writeName(message.exchange, bytes, offset + 10);
  at = writeName(message.routingKey, bytes, at);
  at = writeBytes(message.properties, bytes, at);
  bytes.writeUInt32BE(message.body.length, at);
  return at + 4;
}

/** Throws RangeError when the bytes end before the entry does. */
export function decodeEntry(bytes: Buffer, offset = 0): { entry: QueueEntry; end: number } {
  const { message, end } = decodeMessage(bytes, offset + ENTRY_FIXED);
  const entry: QueueEntry = {
    position: bytes.readDoubleBE(offset),
    message,
    expiresAt: bytes.readDoubleBE(offset + 8),
    redelivered: ((bytes[offset + 16] as number) & REDELIVERED) !== 0,
  };
  return { entry, end };
}

/** How long the body of the entry is, without decoding the rest. */
export function entryBodyLength(bytes: Buffer, offset: number): number {
  const names = offset + ENTRY_FIXED + 10;
  const key = names + 2 + bytes.readUInt16BE(names);
  const properties = key + 2 + bytes.readUInt16BE(key);
  return bytes.readUInt32BE(properties + 4 + bytes.readUInt32BE(properties));
}

export function entryExpires(bytes: Buffer, offset: number): boolean {
  return bytes.readDoubleBE(offset + 8) !== Number.POSITIVE_INFINITY;
}

/** Throws RangeError when the bytes end before the message does. */
export function decodeMessage(bytes: Buffer, offset = 0): { message: Message; end: number } {
  const exchangeEnd = offset + 12 + bytes.readUInt16BE(offset + 10);
  const keyEnd = exchangeEnd + 2 + bytes.readUInt16BE(exchangeEnd);
  const propertiesEnd = keyEnd + 4 + bytes.readUInt32BE(keyEnd);
  const end = propertiesEnd + 4 + bytes.readUInt32BE(propertiesEnd);
  if (end > bytes.length) {
    throw new RangeError(`message at ${offset} ends at ${end}, behind the ${bytes.length} bytes there are`);
  }
  const message: Message = {
    exchange: bytes.toString('utf8', offset + 12, exchangeEnd),
    routingKey: bytes.toString('utf8', exchangeEnd + 2, keyEnd),
    properties: bytes.subarray(keyEnd + 4, propertiesEnd),
    body: bytes.subarray(propertiesEnd + 4, end),
    persistent: ((bytes[offset] as number) & PERSISTENT) !== 0,
    priority: bytes[offset + 1] as number,
    expiration: bytes.readDoubleBE(offset + 2),
  };
  return { message, end };
}

function writeName(name: string, bytes: Buffer, offset: number): number {
  const length = bytes.write(name, offset + 2);
  bytes.writeUInt16BE(length, offset);
  return offset + 2 + length;
}

function writeBytes(part: Buffer, bytes: Buffer, offset: number): number {
  bytes.writeUInt32BE(part.length, offset);
  bytes.set(part, offset + 4);
  return offset + 4 + part.length;
}
