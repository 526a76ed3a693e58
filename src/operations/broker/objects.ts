import { type ManagementApi, segment } from '../../drivers/management-api/client.js';
import { WarrenError } from '../../errors/warren-error.js';

/** One object of the broker: what it is, where the API has it, and which command lists its kind. */
export interface BrokerObject {
  readonly what: string;
  readonly name: string;
  readonly vhost?: string | undefined;
  readonly path: string;
  readonly list: string;
}

/** What came of a change. */
export interface Done {
  readonly what: string;
  readonly name: string;
  readonly vhost?: string | undefined;
  readonly did: string;
  /** False where it was so before. */
  readonly changed: boolean;
}

type Kind = (name: string, vhost: string) => BrokerObject;

function inVhost(what: string, route: string, list: string): Kind {
  return (name, vhost) => ({
    what,
    name,
    vhost,
    path: `/${route}/${segment(vhost)}/${segment(name)}`,
    list: `${list} --vhost ${shellWord(vhost)}`,
  });
}

export const queue = inVhost('queue', 'queues', 'queue list');
export const exchange = inVhost('exchange', 'exchanges', 'exchange list');

export function user(name: string): BrokerObject {
  return { what: 'user', name, path: `/users/${segment(name)}`, list: 'user list' };
}

export function vhost(name: string): BrokerObject {
  return { what: 'vhost', name, path: `/vhosts/${segment(name)}`, list: 'vhost list' };
}

export async function getObject<T>(api: ManagementApi, object: BrokerObject): Promise<T> {
  return found(api, object, () => api.get<T>(object.path));
}

export async function ifThere<T>(api: ManagementApi, object: BrokerObject): Promise<T | undefined> {
  try {
    return await api.get<T>(object.path);
  } catch (error) {
    if (error instanceof WarrenError && error.code === 'API_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Makes it, or makes it so; `made` is what is said of one that was not there before. */
export async function putObject(
  api: ManagementApi,
  object: BrokerObject,
  body: unknown,
  did: { readonly made: string; readonly kept: string },
): Promise<Done> {
  const { status } = await found(api, object, () => api.request('PUT', object.path, body), true);
  const made = status === 201;
  return { ...named(object), did: made ? did.made : did.kept, changed: made };
}

export async function deleteObject(
  api: ManagementApi,
  object: BrokerObject,
  query = '',
  did = 'deleted',
): Promise<Done> {
  await found(api, object, () => api.delete(`${object.path}${query}`));
  return { ...named(object), did, changed: true };
}

export function named({ what, name, vhost }: BrokerObject): Pick<Done, 'what' | 'name' | 'vhost'> {
  return { what, name, ...(vhost === undefined ? {} : { vhost }) };
}

/** A 404 by the name of what is not there: the vhost, or the object itself; a PUT can lack only the vhost. */
export async function found<T>(
  api: ManagementApi,
  object: BrokerObject,
  ask: () => Promise<T>,
  making = false,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof WarrenError) || error.code !== 'API_NOT_FOUND') throw error;
    const missing = await missingOf(api, object, making);
    if (!missing) throw error;
    const { what, name, vhost, list } = missing;
    throw WarrenError.of('OBJECT_NOT_FOUND', { what, name, vhost, list }, { cause: error });
  }
}

async function missingOf(
  api: ManagementApi,
  object: BrokerObject,
  making: boolean,
): Promise<BrokerObject | undefined> {
  if (object.vhost === undefined) return making ? undefined : object;
  const home = vhost(object.vhost);
  // Who may not look at it is told of the object.
  const there = await ifThere(api, home).catch(() => true);
  if (!there) return home;
  return making ? undefined : object;
}

/** A word as it has to be typed in a shell. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
