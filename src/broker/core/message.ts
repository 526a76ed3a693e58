/**
 * A message as it travels: routing data decoded, properties and body left as the bytes that came.
 *
 * `properties` is the content header's property flags and property list (AMQP 0-9-1, 4.2.6.1), exactly as
 * received, without class id, weight and body size; it goes out again unchanged unless dead-lettering rewrites
 * it. Whoever needs one property decodes it (`protocol/properties.ts`); the three that every queue looks at are
 * read once, when the message enters the broker.
 */
export interface Message {
  readonly exchange: string;
  readonly routingKey: string;
  readonly properties: Buffer;
  readonly body: Buffer;
  /** delivery-mode 2 */
  readonly persistent: boolean;
  /** priority property, 0 when absent */
  readonly priority: number;
  /** expiration property in milliseconds; -1 when absent */
  readonly expiration: number;
}

/** One message in one queue. */
export interface QueueEntry {
  /** Order in the queue; grows by one for each message that enters, kept over requeues and restarts. */
  readonly position: number;
  readonly message: Message;
  /** Milliseconds since 1970 at which it expires here; Infinity when it does not. */
  readonly expiresAt: number;
  redelivered: boolean;
}
