import type { Message } from 'amqplib';

export interface ReceivedMessage {
  readonly body: Buffer;
  readonly exchange: string;
  readonly routingKey: string;
  readonly redelivered: boolean;
  /** Those that it has. */
  readonly properties: Readonly<Record<string, unknown>>;
}

export function received({ content, fields, properties }: Message): ReceivedMessage {
  return {
    body: content,
    exchange: fields.exchange,
    routingKey: fields.routingKey,
    redelivered: fields.redelivered,
    properties: Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)),
  };
}
