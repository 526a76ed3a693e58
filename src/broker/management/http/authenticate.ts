/** Basic authentication against the broker's users; guest's loopback rule is the broker's. */

import type { Broker, Principal } from '../../core/broker-port.js';
import { AmqpError } from '../../protocol/amqp-error.js';
import { Refusal } from './refusal.js';
import type { Authenticate } from './router.js';
import type { LoginThrottle } from './throttle.js';

const challenge = { 'www-authenticate': 'Basic realm="RabbitMQ Management"' };

export function basicAuthentication(broker: Broker, throttle: LoginThrottle): Authenticate {
  return async (authorization, peer) => {
    const given = credentials(authorization);
    if (given === null) throw new Refusal(401, null, challenge);
    return throttle.guard(given.user, peer, () => login(broker, given, peer));
  };
}

function credentials(header: string | undefined): { user: string; password: string } | null {
  const encoded = /^basic +(\S+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

export function login(
  broker: Broker,
  { user, password }: { user: string; password: string },
  peer: string,
): Principal {
  try {
    return broker.authenticate({ mechanism: 'PLAIN', user, password, peer, protocol: 'http' });
  } catch (error) {
    if (!(error instanceof AmqpError)) throw error;
    const reason = error.message.includes('localhost')
      ? 'User can only log in via localhost'
      : 'Login failed';
    throw new Refusal(401, { error: 'not_authorized', reason }, challenge);
  }
}
