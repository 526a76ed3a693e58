import type { Change } from './rows.js';
import type { Tables } from './tables.js';

export interface OperationContext {
  /** A new unique id (queue ids, server-generated names). */
  newId(): string;
  /** Milliseconds since 1970. */
  now: number;
}

export interface Outcome<R> {
  changes: Change[];
  result: R;
}

/** A refusal that is not AMQP's: rabbitmqctl and the HTTP API word it. `code` is stable: no_such_vhost, bad_policy … */
export class OperationRefused extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = 'OperationRefused';
  }
}

export type Operation<A, R> = (tables: Tables, args: A, context: OperationContext) => Outcome<R>;
