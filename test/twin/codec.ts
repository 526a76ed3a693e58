/**
 * Method and property tables of amqplib, for the raw client: a codec that is not
 * the bundled broker's own, so the two cannot share a mistake. The package does
 * not export it, hence the way around.
 */
import { createRequire } from 'node:module';
import path from 'node:path';

type Fields = Record<string, unknown>;

interface Definitions {
  [name: string]: unknown;
  decode(id: number, bytes: Buffer): Fields;
  encodeMethod(id: number, channel: number, fields: Fields): Buffer;
  encodeProperties(id: number, channel: number, size: number | bigint, fields: Fields): Buffer;
  info(id: number): { name: string };
}

const require = createRequire(import.meta.url);
export const definitions = require(
  path.join(path.dirname(require.resolve('amqplib')), 'lib/defs.js'),
) as Definitions;

const frameEnd = 0xce;

/** A whole frame. */
export function frame(type: number, channel: number, payload: Buffer, end = frameEnd): Buffer {
  const head = Buffer.alloc(7);
  head.writeUInt8(type, 0);
  head.writeUInt16BE(channel, 1);
  head.writeUInt32BE(payload.length, 3);
  return Buffer.concat([head, payload, Buffer.from([end])]);
}

/** A method frame by name ("BasicPublish"). */
export function method(name: string, channel: number, fields: Fields = {}): Buffer {
  return definitions.encodeMethod(definitions[name] as number, channel, fields);
}

/** A content header frame of class basic. */
export function contentHeader(channel: number, size: number, properties: Fields = {}): Buffer {
  return definitions.encodeProperties(definitions.BasicProperties as number, channel, size, properties);
}
