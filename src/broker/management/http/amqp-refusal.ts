/** AMQP's and the metadata's refusals, as the HTTP API answers them. */
import { OperationRefused } from '../../core/metadata/operation.js';
import { AmqpError } from '../../protocol/amqp-error.js';
import { badRequest, notAuthorised, Refusal } from './refusal.js';

/** Runs a declaration, deletion, binding … and turns its refusal into RabbitMQ's answer. */
export async function declaring<T>(perform: () => T | Promise<T>): Promise<T> {
  try {
    return await perform();
  } catch (error) {
    if (error instanceof AmqpError) throw declarationRefused(error);
    if (error instanceof OperationRefused) throw operationRefused(error);
    throw error;
  }
}

function declarationRefused(error: AmqpError): Refusal {
  if (error.reply === 'ACCESS_REFUSED') return notAuthorised('Access refused.');
  if (error.reply === 'NOT_FOUND') return new Refusal(404, { error: 'not_found', reason: error.message });
  return badRequest(error.message);
}

/** Runs a publish, a get …, where RabbitMQ passes on what its channel said. */
export async function onChannel<T>(perform: () => T | Promise<T>, withCode: boolean): Promise<T> {
  try {
    return await perform();
  } catch (error) {
    if (!(error instanceof AmqpError)) throw error;
    if (withCode) throw badRequest(`${error.code} ${error.replyText}`);
    if (error.reply === 'ACCESS_REFUSED') throw notAuthorised(error.replyText);
    if (error.reply === 'NOT_FOUND') throw new Refusal(404, { error: 'not_found', reason: error.replyText });
    throw badRequest(error.replyText);
  }
}

function operationRefused(error: OperationRefused): Refusal {
  if (error.code === 'no_such_vhost')
    return new Refusal(404, { error: 'not_found', reason: 'vhost_not_found' });
  return badRequest(error.message);
}
