import { WarrenError } from '../../errors/warren-error.js';
import { argumentsOf } from './arguments.js';
import { type ListQuery, listRows, type Row } from './list.js';
import { type Done, deleteObject, getObject, ifThere, named, putObject, shellWord, user } from './objects.js';
import type { Broker } from './reach.js';

export function listUsers({ api }: Broker, query: ListQuery): Promise<Row[]> {
  return listRows(api, '/users', query);
}

export function showUser({ api }: Broker, name: string): Promise<Row> {
  return getObject<Row>(api, user(name));
}

interface StoredUser {
  readonly password_hash: string;
  readonly hashing_algorithm: string;
  /** A list from 3.9 on, words with commas before. */
  readonly tags: readonly string[] | string;
}

export interface NewUser {
  readonly name: string;
  /** Nothing: the user logs in without one, such as by a certificate. */
  readonly password: string | undefined;
  readonly tags: readonly string[];
}

/** A PUT would replace the password and the tags of one that is there, so that is refused first. */
export async function addUser({ api, flag }: Broker, { name, password, tags }: NewUser): Promise<Done> {
  const object = user(name);
  if (await ifThere<StoredUser>(api, object)) {
    const next = `warren user password ${shellWord(name)}${flag}, or warren user tags ${shellWord(name)} TAG…`;
    throw WarrenError.of('OBJECT_EXISTS', { what: 'user', name, next });
  }
  const body = { tags: tags.join(','), ...(password === undefined ? { password_hash: '' } : { password }) };
  return putObject(api, object, body, { made: 'added', kept: 'added' });
}

export async function setPassword({ api }: Broker, name: string, password: string): Promise<Done> {
  const { tags } = await getObject<StoredUser>(api, user(name));
  await api.put(user(name).path, { password, tags: [...tags].length === 0 ? '' : String(tags) });
  return { ...named(user(name)), did: 'has a new password', changed: true };
}

export async function setTags({ api }: Broker, name: string, tags: readonly string[]): Promise<Done> {
  const before = await getObject<StoredUser>(api, user(name));
  const { password_hash, hashing_algorithm } = before;
  const same = String(before.tags) === tags.join(',');
  if (!same) await api.put(user(name).path, { password_hash, hashing_algorithm, tags: tags.join(',') });
  const did = tags.length === 0 ? 'has no tags' : `has the tags ${tags.join(', ')}`;
  return { ...named(user(name)), did, changed: !same };
}

export function deleteUser({ api }: Broker, name: string): Promise<Done> {
  return deleteObject(api, user(name));
}

/** `max-connections=10`; an empty value takes the limit away. */
export async function setUserLimits({ api }: Broker, name: string, pairs: readonly string[]): Promise<Done> {
  const object = user(name);
  await getObject(api, object);
  for (const [limit, value] of Object.entries(argumentsOf(pairs, 'the limit'))) {
    const path = `/user-limits/${encodeURIComponent(name)}/${encodeURIComponent(limit)}`;
    if (value === '') await api.delete(path);
    else await api.put(path, { value });
  }
  return { ...named(object), did: `has the limits ${pairs.join(', ')}`, changed: true };
}
