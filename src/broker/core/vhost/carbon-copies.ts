/**
 * RabbitMQ's sender-selected distribution: the routing keys in the headers CC and BCC count like the message's
 * own, and BCC is taken off before the message goes anywhere. Almost no message has them: a search for the bytes
 * of the name, which cannot miss one, decides whether the headers are decoded at all.
 */
import { AmqpError } from '../../protocol/amqp-error.js';
import { type FieldTable, field } from '../../protocol/field-table.js';
import { decodeProperties, encodeProperties, propertyFlags } from '../../protocol/properties.js';
import type { Message } from '../message.js';
import { typeName } from '../metadata/validation/field-types.js';

const COPY = Buffer.from('\x02CC');
const BLIND_COPY = Buffer.from('\x03BCC');

/** The additional routing keys, null when there are none; takes BCC off the message. Throws 406. */
export function takeCarbonCopies(message: Message): string[] | null {
  const { properties } = message;
  const flags = ((properties[0] as number) << 8) | (properties[1] as number);
  if ((flags & propertyFlags.headers) === 0) return null;
  if (properties.indexOf(COPY) === -1 && properties.indexOf(BLIND_COPY) === -1) return null;
  const decoded = decodeProperties(properties);
  const headers = decoded.headers ?? [];
  const keys = [...keysOf(headers, 'CC'), ...keysOf(headers, 'BCC')];
  if (field(headers, 'BCC') !== undefined) {
    decoded.headers = headers.filter(({ key }) => key !== 'BCC');
    (message as { properties: Buffer }).properties = encodeProperties(decoded);
  }
  return keys.length === 0 ? null : keys;
}

function keysOf(headers: FieldTable, name: 'CC' | 'BCC'): string[] {
  const value = field(headers, name);
  if (value === undefined) return [];
  if (value.type !== 'A') {
    const text = `invalid message: {unacceptable_type_in_header,"${name}",${typeName(value)}}`;
    throw new AmqpError('PRECONDITION_FAILED', text);
  }
  return value.value.filter((each) => each.type === 'S').map((each) => String(each.value));
}
