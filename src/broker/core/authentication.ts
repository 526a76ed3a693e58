/**
 * Who may come in: the password against the salted hash, users restricted to loopback addresses, then the
 * permissions and limits of the vhost. A refused login says no more than RabbitMQ says; the log says why.
 */
import { AmqpError } from '../protocol/amqp-error.js';
import type { Credentials, Principal } from './broker-port.js';
import { logged } from './logged.js';
import { userLimit, vhostLimit } from './metadata/limits.js';
import { keys } from './metadata/rows.js';
import type { Tables } from './metadata/tables.js';
import { passwordMatches } from './password.js';
import type { Logger } from './ports.js';
import type { Usage } from './usage.js';

export class Authentication {
  constructor(
    private readonly tables: Tables,
    private readonly loopbackUsers: readonly string[],
    private readonly logger: Logger,
  ) {}

  /** Throws ACCESS_REFUSED. */
  login({ mechanism, user: name, password, peer }: Credentials): Principal {
    const user = this.tables.get('users', name);
    const proven =
      user !== undefined &&
      (password === null || passwordMatches(password, user.passwordHash, user.hashingAlgorithm));
    if (!proven) {
      throw this.#refused(mechanism, `user '${name}' - invalid credentials`);
    }
    if (this.loopbackUsers.includes(name) && !isLoopback(peer)) {
      throw this.#refused(mechanism, `user '${name}' can only connect via localhost`);
    }
    return { user: name, tags: user.tags };
  }

  /** connection.open; throws NOT_ALLOWED. `usage`: what is open already, in the whole cluster. */
  enter(vhost: string, { user }: Principal, { inVhost, ofUser }: Usage): void {
    if (this.tables.get('vhosts', vhost) === undefined) {
      throw new AmqpError('NOT_ALLOWED', `vhost ${vhost} not found`);
    }
    const limit = vhostLimit(this.tables, vhost, 'max-connections');
    const refusal = `access to vhost '${vhost}' refused for user '${user}'`;
    if (limit !== null && inVhost >= limit) {
      throw new AmqpError('NOT_ALLOWED', `${refusal}: connection limit (${limit}) is reached`);
    }
    const own = userLimit(this.tables, user, 'max-connections');
    if (own !== null && ofUser >= own) {
      const text = `Connection refused for user '${user}': user connection limit (${own}) is reached`;
      throw new AmqpError('NOT_ALLOWED', text);
    }
    if (this.tables.get('permissions', keys.permission(user, vhost)) === undefined) {
      throw new AmqpError('NOT_ALLOWED', refusal);
    }
  }

  #refused(mechanism: string, reason: string): AmqpError {
    this.logger.error(`Error on AMQP connection: ${mechanism} login refused: ${logged(reason)}`);
    const text = `Login was refused using authentication mechanism ${mechanism}. For details see the broker logfile.`;
    return new AmqpError('ACCESS_REFUSED', text, 'connection');
  }
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}
