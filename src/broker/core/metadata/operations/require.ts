/** Refusals that many operations share: what an operation is about must be there. */
import { OperationRefused } from '../operation.js';
import type { Tables } from '../tables.js';

export function requireVhost(tables: Tables, vhost: string): void {
  if (tables.get('vhosts', vhost) === undefined) {
    throw new OperationRefused('no_such_vhost', `Virtual host '${vhost}' does not exist`, { vhost });
  }
}

export function requireUser(tables: Tables, user: string): void {
  if (tables.get('users', user) === undefined) {
    throw new OperationRefused('no_such_user', `User "${user}" does not exist`, { user });
  }
}
