import { words } from './columns/column.js';
import { harmless, visible } from './harmless.js';

interface Message {
  readonly body: Buffer;
  readonly exchange: string;
  readonly routingKey: string;
  readonly redelivered: boolean;
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Payload {
  readonly payload: string;
  readonly payload_encoding: 'string' | 'base64';
}

/** A message in the words that the management API uses for one. */
export interface MessageDocument extends Payload {
  readonly exchange: string;
  readonly routing_key: string;
  readonly redelivered: boolean;
  readonly properties: Readonly<Record<string, unknown>>;
}

export function messageDocument(message: Message): MessageDocument {
  return {
    exchange: message.exchange,
    routing_key: message.routingKey,
    redelivered: message.redelivered,
    properties: message.properties,
    ...payloadOf(message.body),
  };
}

/** As text where it is text. */
export function payloadOf(body: Buffer): Payload {
  const text = body.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(body);
  return isText
    ? { payload: text, payload_encoding: 'string' }
    : { payload: body.toString('base64'), payload_encoding: 'base64' };
}

/** A copy of a message as it came by: where it went, what it says of itself, what it says. */
export function passingText({ exchange, routingKey, properties, body }: Message, at: Date): string {
  const about = words(properties);
  return [
    harmless(`${at.toISOString()} exchange '${exchange}' key '${routingKey}'`),
    ...(about === '-' ? [] : [harmless(`  ${about}`)]),
    bodyText(body),
  ].join('\n');
}

/** Beneath a line that tells of the message. */
export function bodyText(body: Buffer): string {
  const { payload, payload_encoding: encoding } = payloadOf(body);
  return visible(encoding === 'string' ? payload : `base64 ${payload}`)
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

/** A body alone: byte for byte for a program, and nothing for a person that a terminal would obey. */
export function bareBody(body: Buffer, { isTTY }: { readonly isTTY?: boolean }): Buffer {
  const shown = isTTY ? Buffer.from(visible(body.toString())) : body;
  return Buffer.concat([shown, Buffer.from('\n')]);
}
