import { segment } from '../../drivers/management-api/client.js';
import type { ApiFeatureFlag } from '../../drivers/management-api/types.js';
import { WarrenError } from '../../errors/warren-error.js';
import { type ListQuery, listRows, type Row } from './list.js';
import type { BrokerObject, Done } from './objects.js';
import { found, named } from './objects.js';
import type { Broker } from './reach.js';

export function listFeatureFlags(broker: Broker, query: ListQuery): Promise<Row[]> {
  return withFlags(broker, () => listRows(broker.api, '/feature-flags', query));
}

/** One that is enabled stays so for good; `all` are the stable ones that are not yet. */
export async function enableFlags(broker: Broker, name: string): Promise<Done> {
  const { api } = broker;
  if (name !== 'all') return enableOne(broker, name);
  const flags = await withFlags(broker, () => api.get<readonly ApiFeatureFlag[]>('/feature-flags'));
  const waiting = flags.filter(
    ({ state, stability }) => state === 'disabled' && stability !== 'experimental',
  );
  for (const flag of waiting) await enableOne(broker, flag.name);
  const did =
    waiting.length === 0 ? 'were enabled already' : `enabled: ${waiting.map((flag) => flag.name).join(', ')}`;
  return { what: 'feature flags', name: 'all', did, changed: waiting.length > 0 };
}

async function enableOne({ api }: Broker, name: string): Promise<Done> {
  const object: BrokerObject = {
    what: 'feature flag',
    name,
    path: `/feature-flags/${segment(name)}`,
    list: 'feature-flag list',
  };
  try {
    await found(api, object, () => api.put(`${object.path}/enable`, { name }));
  } catch (error) {
    // 3.10 answers a flag that nobody knows with 400 "unsupported".
    if (!(error instanceof WarrenError) || error.code !== 'API_BAD_REQUEST') throw error;
    if (!/unsupported/.test(error.message)) throw error;
    throw WarrenError.of('OBJECT_NOT_FOUND', object, { cause: error });
  }
  return { ...named(object), did: 'enabled', changed: true };
}

async function withFlags<T>({ probe }: Broker, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof WarrenError) || error.code !== 'API_NOT_FOUND') throw error;
    const facts = {
      what: 'feature flags',
      version: await probe.version(),
      next: 'update RabbitMQ to 3.8 or later: warren upgrade',
    };
    throw WarrenError.of('NOT_IN_VERSION', facts, { cause: error });
  }
}
