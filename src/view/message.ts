interface Message {
  readonly body: Buffer;
  readonly exchange: string;
  readonly routingKey: string;
  readonly redelivered: boolean;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A message in the words that the management API uses for one. */
export interface MessageDocument {
  readonly exchange: string;
  readonly routing_key: string;
  readonly redelivered: boolean;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly payload: string;
  readonly payload_encoding: 'string' | 'base64';
}

export function messageDocument(message: Message): MessageDocument {
  const text = message.body.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(message.body);
  return {
    exchange: message.exchange,
    routing_key: message.routingKey,
    redelivered: message.redelivered,
    properties: message.properties,
    payload: isText ? text : message.body.toString('base64'),
    payload_encoding: isText ? 'string' : 'base64',
  };
}
