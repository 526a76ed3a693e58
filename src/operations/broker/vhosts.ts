import { argumentsOf } from './arguments.js';
import { type ListQuery, listRows, type Row } from './list.js';
import { type Done, deleteObject, getObject, ifThere, named, putObject, vhost } from './objects.js';
import type { Broker } from './reach.js';

export function listVhosts({ api }: Broker, query: ListQuery): Promise<Row[]> {
  return listRows(api, '/vhosts', query);
}

export interface NewVhost {
  readonly name: string;
  readonly description?: string | undefined;
  readonly tags?: string | undefined;
  readonly queueType?: string | undefined;
}

/** A PUT without them would empty the description and the tags of one that is there. */
export async function addVhost(
  { api }: Pick<Broker, 'api'>,
  { name, description, tags, queueType }: NewVhost,
): Promise<Done> {
  const object = vhost(name);
  const before = await ifThere<StoredVhost>(api, object);
  const kept = before && {
    description: before.description ?? '',
    tags: String(before.tags ?? ''),
    ...(before.default_queue_type && before.default_queue_type !== 'undefined'
      ? { default_queue_type: before.default_queue_type }
      : {}),
  };
  const body = {
    ...kept,
    ...(description === undefined ? {} : { description }),
    ...(tags === undefined ? {} : { tags }),
    ...(queueType === undefined ? {} : { default_queue_type: queueType }),
  };
  return putObject(api, object, body, { made: 'added', kept: 'was there already' });
}

interface StoredVhost {
  readonly description?: string;
  readonly tags?: readonly string[] | string;
  readonly default_queue_type?: string;
}

export function deleteVhost({ api }: Broker, name: string): Promise<Done> {
  return deleteObject(api, vhost(name));
}

/** `max-queues=50`; an empty value takes the limit away. */
export async function setVhostLimits({ api }: Broker, name: string, pairs: readonly string[]): Promise<Done> {
  const object = vhost(name);
  await getObject(api, object);
  for (const [limit, value] of Object.entries(argumentsOf(pairs, 'the limit'))) {
    const path = `/vhost-limits/${encodeURIComponent(name)}/${encodeURIComponent(limit)}`;
    if (value === '') await api.delete(path);
    else await api.put(path, { value });
  }
  return { ...named(object), did: `has the limits ${pairs.join(', ')}`, changed: true };
}
