/** The first node of a cluster: itself, the default vhost with its exchanges, the default user who may do all. */
import { Draft } from '../draft.js';
import type { Operation } from '../operation.js';
import { keys } from '../rows.js';
import { putVhost } from './vhosts.js';

interface Bootstrap {
  node: string;
  vhost: string;
  user: {
    name: string;
    passwordHash: string;
    hashingAlgorithm: string;
    tags: string[];
    permissions: [string, string, string];
  };
}

/** Does nothing on tables that have a vhost already. */
const bootstrap: Operation<Bootstrap, null> = (tables, { node, vhost, user }) => {
  const draft = new Draft(tables);
  if (tables.get('nodes', node) === undefined) {
    const row = { name: node, type: 'disc', running: true, upSequence: 1, incarnation: '' } as const;
    draft.put('nodes', keys.node(node), row);
  }
  if (tables.rows.vhosts.size === 0) {
    putVhost(draft, tables, { name: vhost, description: 'Default virtual host', tags: [] });
    const { name, passwordHash, hashingAlgorithm, tags } = user;
    draft.put('users', keys.user(name), { name, passwordHash, hashingAlgorithm, tags, limits: {} });
    const [configure, write, read] = user.permissions;
    draft.put('permissions', keys.permission(name, vhost), { user: name, vhost, configure, write, read });
  }
  return { changes: draft.changes, result: null };
};

export const bootstrapOperations = { bootstrap };
