import { join, relative, resolve } from 'node:path';
import type { ManagementApi } from '../../drivers/management-api/client.js';
import type { DefinedUser, Row } from '../../phases/objects/definitions.js';
import { gather } from './gather.js';
import { type ImportedListeners, importedListeners } from './listeners.js';
import { importedNodes } from './nodes.js';
import { importedObjects, ownUsers } from './objects.js';

export interface ImportOptions {
  /** Where the cluster file will stand. */
  readonly file: string;
  /** The folder for password hashes; without one, passwords are generated anew. */
  readonly hashes?: string | undefined;
}

export interface Imported {
  readonly sections: Readonly<Record<string, unknown>>;
  /** Files that nobody else may read, by path. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
}

/** A running cluster in the words of a cluster file. */
export async function importCluster(api: ManagementApi, options: ImportOptions): Promise<Imported> {
  const gathered = await gather(api);
  const { overview } = gathered;
  const listeners = importedListeners(overview.listeners ?? []);
  const { nodes, onHosts, longNames, notes } = importedNodes(gathered, listeners.own);
  const secrets = new Map<string, string>();
  const passwordOf = (user: DefinedUser) => password(user, options, secrets);
  const { sections, notes: more } = importedObjects(gathered, passwordOf);
  const plugins = [...new Set(gathered.nodes.flatMap((node) => node.enabled_plugins ?? []))].filter(
    (plugin) => plugin !== 'rabbitmq_management',
  );
  return {
    sections: {
      name: nameOf(overview.cluster_name),
      nodes,
      ...(onHosts
        ? { rabbitmq: rabbitmqOf(overview.rabbitmq_version, longNames, listeners) }
        : { ha: 'none' }),
      ...(plugins.length > 0 ? { plugins: plugins.sort() } : {}),
      ...sections,
    },
    secrets,
    notes: [
      ...notes,
      ...(onHosts ? listeners.notes : hereNotes(listeners)),
      ...passwordNotes(ownUsers(gathered.definitions), options),
      ...more,
    ],
  };
}

function rabbitmqOf(version: string, longNames: boolean, { tls, config }: ImportedListeners): Row {
  return {
    version,
    ...(longNames ? { long_names: true } : {}),
    ...(tls ? { tls } : {}),
    ...(Object.keys(config).length > 0 ? { config } : {}),
  };
}

/** The ports of nodes on this machine are `warren up`'s own. */
function hereNotes({ tls }: ImportedListeners): string[] {
  if (!tls) return [];
  return [
    'the nodes listen for TLS, which is not taken over for nodes on this machine: write listeners.ssl.default and ssl_options.* under rabbitmq: { config: … } of a node',
  ];
}

/** A cluster's name is any text in RabbitMQ; in a file it names folders too. */
function nameOf(name: string): string {
  const word = name
    .replace(/^rabbit@/, '')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[^A-Za-z]+/, '');
  return word.slice(0, 40) || 'rabbit';
}

function password(user: DefinedUser, { file, hashes }: ImportOptions, secrets: Map<string, string>): Row {
  if (hashes === undefined || user.password_hash === '') return { password: 'generate' };
  const path = join(resolve(hashes), `${encodeURIComponent(user.name)}.hash`);
  secrets.set(path, `${user.password_hash}\n`);
  const { hashing_algorithm: algorithm } = user;
  return {
    password_hash: `file:${relative(resolve(file, '..'), path)}`,
    ...(algorithm === 'rabbit_password_hashing_sha256' ? {} : { hashing_algorithm: algorithm }),
  };
}

function passwordNotes(users: readonly DefinedUser[], { hashes }: ImportOptions): string[] {
  if (users.length === 0) return [];
  const names = users.map(({ name }) => name).join(', ');
  return hashes === undefined
    ? [
        `a broker keeps no passwords, only hashes: ${names} will get new ones (--password-hashes FOLDER keeps the old)`,
      ]
    : [`the password hashes of ${names} are in ${hashes}: keep that folder as you keep passwords`];
}
