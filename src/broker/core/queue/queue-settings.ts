/**
 * What a queue does, from its arguments and the policies that apply: the smaller of two numbers, otherwise the
 * argument before the policy.
 */
import { type FieldTable, field } from '../../protocol/field-table.js';
import { integerOf, stringOf } from '../metadata/validation/field-types.js';

export interface QueueSettings {
  /** Milliseconds; Infinity when messages live until they are consumed. */
  readonly messageTtl: number;
  /** Milliseconds without use after which the queue goes; Infinity for never. */
  readonly expires: number;
  readonly maxLength: number;
  readonly maxLengthBytes: number;
  readonly overflow: 'drop-head' | 'reject-publish' | 'reject-publish-dlx';
  /** null where dead letters are dropped; '' is the default exchange. */
  readonly deadLetterExchange: string | null;
  /** null: a dead letter keeps its routing key. */
  readonly deadLetterRoutingKey: string | null;
  /** 0 for a queue without priorities. */
  readonly maxPriority: number;
  /** Returns beyond which a message of a quorum queue is given up; Infinity for none. */
  readonly deliveryLimit: number;
  readonly singleActiveConsumer: boolean;
  /** Messages go to the disk as they come. */
  readonly lazy: boolean;
}

export function queueSettings(table: FieldTable, policy: Readonly<Record<string, unknown>>): QueueSettings {
  const number = (name: string) => {
    const argument = field(table, `x-${name}`);
    const mine = argument === undefined ? null : integerOf(argument);
    const theirs = policy[name];
    const other = typeof theirs === 'number' ? theirs : Number.POSITIVE_INFINITY;
    return Math.min(mine ?? Number.POSITIVE_INFINITY, other);
  };
  const text = (name: string) => {
    const argument = field(table, `x-${name}`);
    const theirs = policy[name];
    return (argument && stringOf(argument)) ?? (typeof theirs === 'string' ? theirs : null);
  };
  const priority = field(table, 'x-max-priority');
  return {
    messageTtl: number('message-ttl'),
    expires: number('expires'),
    maxLength: number('max-length'),
    maxLengthBytes: number('max-length-bytes'),
    overflow: (text('overflow') ?? 'drop-head') as QueueSettings['overflow'],
    deadLetterExchange: text('dead-letter-exchange'),
    deadLetterRoutingKey: text('dead-letter-routing-key'),
    maxPriority: (priority && integerOf(priority)) ?? 0,
    deliveryLimit: number('delivery-limit'),
    lazy: text('queue-mode') === 'lazy',
    singleActiveConsumer: field(table, 'x-single-active-consumer')?.value === true,
  };
}

/** Are so many ready messages of so many bytes too much? */
export function overflows(settings: QueueSettings, length: number, bytes: number): boolean {
  return length > settings.maxLength || bytes > settings.maxLengthBytes;
}
