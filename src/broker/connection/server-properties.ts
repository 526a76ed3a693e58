/**
 * What connection.start says of the broker: RabbitMQ's keys, in its order. `version` is the level of
 * compatibility, which clients look at; product and product_version are our own.
 */
import type { FieldTable } from '../protocol/field-table.js';

const capabilities = [
  'publisher_confirms',
  'exchange_exchange_bindings',
  'basic.nack',
  'consumer_cancel_notify',
  'connection.blocked',
  'consumer_priorities',
  'authentication_failure_close',
  'per_consumer_qos',
  'direct_reply_to',
];

export interface Product {
  name: string;
  version: string;
  /** The RabbitMQ that it is compatible with. */
  compatibleWith: string;
}

export function serverProperties(product: Product, clusterName: string): FieldTable {
  const text = (key: string, value: string) => ({ key, type: 'S' as const, value });
  return [
    {
      key: 'capabilities',
      type: 'F',
      value: capabilities.map((key) => ({ key, type: 't' as const, value: true })),
    },
    text('cluster_name', clusterName),
    text('copyright', `Copyright (c) the ${product.name} authors`),
    text('information', 'Licensed under the Apache License 2.0'),
    text('platform', `Node.js ${process.versions.node}`),
    text('product', product.name),
    text('product_version', product.version),
    text('version', product.compatibleWith),
  ];
}
