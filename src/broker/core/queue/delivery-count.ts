/**
 * Quorum queues tell with each delivery how often the message came back (https://www.rabbitmq.com/quorum-queues.html,
 * "Poison Message Handling"), in the header x-delivery-count; beyond x-delivery-limit it is dead-lettered instead.
 */
import { decodeProperties, encodeProperties } from '../../protocol/properties.js';
import type { Message } from '../message.js';
import type { QueueRow } from '../metadata/rows.js';
import type { Entry } from './entry.js';
import type { QueueSettings } from './queue-settings.js';

const name = 'x-delivery-count';

/** The message as a quorum queue gives it: a consumer sees the count once there is one, basic.get always. */
export function shownTo(row: QueueRow, { message, returns }: Entry): Message {
  if (row.type !== 'quorum') return message;
  const properties = decodeProperties(message.properties);
  const others = (properties.headers ?? []).filter(({ key }) => key !== name);
  properties.headers = [...others, { key: name, type: 'l', value: returns }];
  return { ...message, properties: encodeProperties(properties) };
}

/** Counts a return; true when it was one too many. */
export function returnedTooOften(row: QueueRow, settings: QueueSettings, entry: Entry): boolean {
  if (row.type !== 'quorum') return false;
  entry.returns++;
  return entry.returns > settings.deliveryLimit;
}
