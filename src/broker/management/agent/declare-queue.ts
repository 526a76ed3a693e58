import type { Broker } from '../../core/broker-port.js';
import { declaring } from '../http/amqp-refusal.js';
import { Refusal } from '../http/refusal.js';
import type { DeclareThere, Refused } from './questions.js';

/** Declares a queue here on behalf of a caller of any node; a new queue is led by the node that declares it. */
export async function declareHere(
  broker: Broker,
  { vhost, declaration, principal }: DeclareThere,
): Promise<Refused | null> {
  try {
    await declaring(async () => {
      await broker.openVhost(vhost, principal).declareQueue(declaration, { principal, connection: '' });
    });
    return null;
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: error.body };
    throw error;
  }
}
