import type { BindingIndex } from '../../../../src/broker/core/exchange/binding-index.js';
import type { Message } from '../../../../src/broker/core/message.js';
import type { BindingRow } from '../../../../src/broker/core/metadata/rows.js';
import type { FieldTable } from '../../../../src/broker/protocol/field-table.js';
import { encodeProperties } from '../../../../src/broker/protocol/properties.js';

export function binding(routingKey: string, destination: string, args: FieldTable = []): BindingRow {
  return {
    vhost: '/',
    source: 'x',
    destination,
    destinationKind: 'queue',
    routingKey,
    arguments: args,
    propertiesKey: JSON.stringify([routingKey, args.map(({ key, value }) => [key, String(value)])]),
  };
}

function message(headers: FieldTable = []): Message {
  return {
    exchange: 'x',
    routingKey: '',
    properties: encodeProperties({ headers }),
    body: Buffer.alloc(0),
    persistent: false,
    priority: 0,
    expiration: -1,
  };
}

export function routed(index: BindingIndex<string>, routingKey: string, headers: FieldTable = []): string[] {
  const into: string[] = [];
  index.collect(message(headers), routingKey, into);
  return [...new Set(into)].sort();
}
