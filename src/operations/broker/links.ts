import { WarrenError } from '../../errors/warren-error.js';
import { argumentsOf } from './arguments.js';
import { type ListQuery, listPath, listRows, type Row } from './list.js';
import { type Done, deleteObject, putObject } from './objects.js';
import { parameterOf } from './parameters.js';
import type { Broker } from './reach.js';

/**
 * Federation upstreams and dynamic shovels are runtime parameters whose value
 * holds URIs, and these may hold passwords: they are shown without.
 */
const linkKinds = {
  federation: {
    component: 'federation-upstream',
    plugins: ['rabbitmq_federation', 'rabbitmq_federation_management'],
    status: 'federation-links',
  },
  shovel: {
    component: 'shovel',
    plugins: ['rabbitmq_shovel', 'rabbitmq_shovel_management'],
    status: 'shovels',
  },
} as const;

export type LinkKind = keyof typeof linkKinds;

export async function listLinks(
  broker: Broker,
  kind: LinkKind,
  vhost: string | undefined,
  query: ListQuery,
): Promise<Row[]> {
  const { component } = linkKinds[kind];
  await needPlugins(broker, kind);
  const rows = await listRows(broker.api, listPath(`parameters/${component}`, vhost), {
    ...query,
    fields: undefined,
  });
  return rows.map((row) => ({ ...row, value: withoutPasswords(row.value) }));
}

/** What runs, on which node, and why not if it does not. */
export async function linkStatus(
  broker: Broker,
  kind: LinkKind,
  vhost: string | undefined,
  query: ListQuery,
): Promise<Row[]> {
  const { status } = linkKinds[kind];
  await needPlugins(broker, kind);
  const named = (row: Row) => row.upstream ?? row.name;
  const rows = await listRows(broker.api, listPath(status, vhost), query, named);
  return rows.map((row) => withoutPasswords(row) as Row);
}

export interface NewLink {
  readonly name: string;
  readonly vhost: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** More settings, as KEY=VALUE. */
  readonly settings: readonly string[];
}

export async function setLink(broker: Broker, kind: LinkKind, link: NewLink): Promise<Done> {
  const { component } = linkKinds[kind];
  await needPlugins(broker, kind);
  const given = Object.entries(link.value).filter(([, one]) => one !== undefined);
  const value = { ...Object.fromEntries(given), ...argumentsOf(link.settings, '--set') };
  const object = parameterOf({ component, vhost: link.vhost }, link.name);
  return putObject(broker.api, object, { value }, { made: 'set', kept: 'set anew' });
}

export async function deleteLink(broker: Broker, kind: LinkKind, name: string, vhost: string): Promise<Done> {
  const { component } = linkKinds[kind];
  await needPlugins(broker, kind);
  return deleteObject(broker.api, { ...parameterOf({ component, vhost }, name), list: `${kind} list` });
}

/** Nodes tell what is enabled on them some seconds late; that a plugin's route is there is known at once. */
async function needPlugins({ api, flag }: Broker, kind: LinkKind): Promise<void> {
  const { plugins, status } = linkKinds[kind];
  try {
    await api.get(`/${status}?columns=name`);
  } catch (error) {
    if (!(error instanceof WarrenError) || error.code !== 'API_NOT_FOUND') throw error;
    throw WarrenError.of('PLUGIN_NEEDED', { plugins, cluster: flag }, { cause: error });
  }
}

/** Anywhere within a value, the password of a URI becomes stars. */
function withoutPasswords(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/(\w+:\/\/[^:/@\s]*):[^/@\s]*@/g, '$1:***@');
  if (Array.isArray(value)) return value.map(withoutPasswords);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutPasswords(one)]));
}
