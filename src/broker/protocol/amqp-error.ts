/**
 * A refusal in AMQP's own terms: the reply code and text that go into `channel.close` or `connection.close`.
 * Codes and whether they close the channel or the connection: AMQP 0-9-1, 1.2 "Reply codes", and RabbitMQ.
 */
const replyCodes = {
  CONTENT_TOO_LARGE: [311, 'channel'],
  NO_ROUTE: [312, 'channel'],
  NO_CONSUMERS: [313, 'channel'],
  CONNECTION_FORCED: [320, 'connection'],
  INVALID_PATH: [402, 'connection'],
  ACCESS_REFUSED: [403, 'channel'],
  NOT_FOUND: [404, 'channel'],
  RESOURCE_LOCKED: [405, 'channel'],
  PRECONDITION_FAILED: [406, 'channel'],
  FRAME_ERROR: [501, 'connection'],
  SYNTAX_ERROR: [502, 'connection'],
  COMMAND_INVALID: [503, 'connection'],
  CHANNEL_ERROR: [504, 'connection'],
  UNEXPECTED_FRAME: [505, 'connection'],
  RESOURCE_ERROR: [506, 'connection'],
  NOT_ALLOWED: [530, 'connection'],
  NOT_IMPLEMENTED: [540, 'connection'],
  INTERNAL_ERROR: [541, 'connection'],
} as const;

export type ReplyName = keyof typeof replyCodes;
export type ErrorScope = 'channel' | 'connection';

export class AmqpError extends Error {
  readonly reply: ReplyName;
  readonly code: number;
  readonly scope: ErrorScope;

  /** `text` is what follows "NAME - ", as RabbitMQ words it: `no queue 'q' in vhost '/'`. */
  constructor(reply: ReplyName, text: string, scope: ErrorScope = replyCodes[reply][1]) {
    super(text);
    this.name = 'AmqpError';
    this.reply = reply;
    this.code = replyCodes[reply][0];
    this.scope = scope;
  }

  /** The whole reply text of the close method. */
  get replyText(): string {
    return `${this.reply} - ${this.message}`;
  }
}
