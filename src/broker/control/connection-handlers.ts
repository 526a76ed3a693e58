/** Closing connections, on whichever node they are; and who tried to open one. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionEntry } from '../core/broker-port.js';
import { fromAll, type Handlers } from './handler.js';
import type { ConnectionChoice } from './requests.js';

export const connectionHandlers: Handlers<'auth_attempts' | 'close_connections' | 'close_local_connections'> =
  {
    auth_attempts({ reset }, { admin }) {
      const counted = Object.entries(admin.logins).map(([protocol, each]) => ({ protocol, ...each }));
      if (reset)
        for (const each of Object.values(admin.logins)) Object.assign(each, { succeeded: 0, failed: 0 });
      return counted;
    },
    async close_connections(choice, context) {
      const closed = await fromAll(context, 'close_local_connections', choice);
      return closed.reduce((sum, count) => sum + count, 0);
    },
    async close_local_connections(choice, { admin }) {
      const chosen = [...admin.connections.values()].filter((connection) => matches(connection, choice));
      const limited = choice.limit !== undefined && choice.limit > 0 ? chosen.slice(0, choice.limit) : chosen;
      for (const connection of limited) {
        connection.close(choice.reason);
        if (choice.delay !== undefined && choice.delay > 0) await sleep(choice.delay);
      }
      return limited.length;
    },
  };

function matches(connection: ConnectionEntry, { name, vhost, user }: ConnectionChoice): boolean {
  if (name !== undefined && connection.name !== name && connection.info().pid !== name) return false;
  if (vhost !== undefined && connection.vhost !== vhost) return false;
  return user === undefined || connection.principal.user === user;
}
