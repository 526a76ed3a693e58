/** Refusals and errors as they cross a link: what the far side threw is thrown here, of the same kind. */

import { OperationRefused } from '../../core/metadata/operation.js';
import { AmqpError, type ErrorScope, type ReplyName } from '../../protocol/amqp-error.js';
import { LinkError, type LinkErrorCode } from './errors.js';

export type Failure =
  | { kind: 'amqp'; reply: ReplyName; text: string; scope: ErrorScope }
  | { kind: 'refused'; code: string; text: string; details: Record<string, unknown> }
  | { kind: 'link'; code: LinkErrorCode; node: string; text: string }
  | { kind: 'error'; code: string | null; text: string };

export function toFailure(error: unknown): Failure {
  if (error instanceof AmqpError) {
    return { kind: 'amqp', reply: error.reply, text: error.message, scope: error.scope };
  }
  if (error instanceof OperationRefused) {
    return { kind: 'refused', code: error.code, text: error.message, details: error.details };
  }
  if (error instanceof LinkError) {
    return { kind: 'link', code: error.code, node: error.node, text: error.message };
  }
  const { message, code } = (error instanceof Error ? error : new Error(String(error))) as Error & {
    code?: unknown;
  };
  return { kind: 'error', code: typeof code === 'string' ? code : null, text: message };
}

export function fromFailure(failure: Failure): Error {
  if (failure.kind === 'amqp') return new AmqpError(failure.reply, failure.text, failure.scope);
  if (failure.kind === 'refused') return new OperationRefused(failure.code, failure.text, failure.details);
  if (failure.kind === 'link') return new LinkError(failure.code, failure.node, failure.text);
  return Object.assign(new Error(failure.text), failure.code === null ? {} : { code: failure.code });
}
