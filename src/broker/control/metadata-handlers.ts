/** The replicated metadata: reading whole tables, submitting operations. */
import { exportDefinitions, importDefinitions } from '../core/definitions.js';
import { OperationRefused } from '../core/metadata/operation.js';
import { keys, type TableRows } from '../core/metadata/rows.js';
import { passwordMatches } from '../core/password.js';
import { fromAll, type Handlers } from './handler.js';

type Names =
  | 'rows'
  | 'submit'
  | 'authenticate'
  | 'vhosts'
  | 'tracing'
  | 'trace'
  | 'export_definitions'
  | 'import_definitions';

export const metadataHandlers: Handlers<Names> = {
  rows({ table, vhost }, { admin }) {
    const rows = [...admin.tables.all(table)];
    if (vhost === undefined) return rows;
    requireVhost(admin, vhost);
    return rows.filter((row) => (row as { vhost?: string }).vhost === vhost);
  },
  submit: ({ operation, args }, { admin }) => admin.submit(operation, args),
  authenticate({ user, password }, { admin }) {
    const row = admin.tables.get('users', keys.user(user));
    return row !== undefined && passwordMatches(password, row.passwordHash, row.hashingAlgorithm);
  },
  async vhosts(_args, context) {
    const { tables } = context.admin;
    const running = context.peers.running();
    const traced = new Set((await fromAll(context, 'tracing', {})).flat());
    return [...tables.all('vhosts')].map((row) => ({
      name: row.name,
      description: row.description,
      tags: row.tags,
      defaultQueueType: row.defaultQueueType ?? null,
      tracing: traced.has(row.name),
      clusterState: running.map((node): [string, string] => [node, 'running']),
    }));
  },
  tracing: (_args, { admin }) => [...admin.vhosts()].filter(({ tracing }) => tracing).map(({ name }) => name),
  export_definitions: (_args, { admin }) => exportDefinitions(admin.tables, null),
  import_definitions: async ({ definitions }, { admin, node }) => {
    await importDefinitions(admin, node.node, definitions, null);
    return null;
  },
  trace({ vhost, on }, { admin }) {
    requireVhost(admin, vhost);
    admin.vhost(vhost)?.setTracing(on);
    return null;
  },
};

type Rows = { tables: { get(table: 'vhosts', key: string): TableRows['vhosts'] | undefined } };

function requireVhost(admin: Rows, vhost: string): void {
  if (admin.tables.get('vhosts', keys.vhost(vhost)) !== undefined) return;
  throw new OperationRefused('no_such_vhost', `Virtual host '${vhost}' does not exist`, { vhost });
}
