import { segment } from '../../drivers/management-api/client.js';
import { WarrenError } from '../../errors/warren-error.js';
import { argumentsOf } from './arguments.js';
import { type ListQuery, listPath, listRows, type Row } from './list.js';
import {
  type BrokerObject,
  type Done,
  deleteObject,
  exchange,
  found,
  named,
  putObject,
  shellWord,
} from './objects.js';
import type { Broker } from './reach.js';

export function listExchanges({ api }: Broker, vhost: string | undefined, query: ListQuery): Promise<Row[]> {
  return listRows(api, listPath('exchanges', vhost), query);
}

export interface NewExchange {
  readonly name: string;
  readonly vhost: string;
  readonly type: string;
  readonly durable: boolean;
  readonly autoDelete: boolean;
  readonly internal: boolean;
  readonly arguments: readonly string[];
}

export function declareExchange({ api }: Broker, options: NewExchange): Promise<Done> {
  const { type, durable, internal, autoDelete } = options;
  const body = {
    type,
    durable,
    internal,
    auto_delete: autoDelete,
    arguments: argumentsOf(options.arguments),
  };
  return putObject(api, exchange(options.name, options.vhost), body, {
    made: 'declared',
    kept: 'was there already',
  });
}

export function deleteExchange(
  { api }: Broker,
  name: string,
  vhost: string,
  ifUnused: boolean,
): Promise<Done> {
  return deleteObject(api, exchange(name, vhost), ifUnused ? '?if-unused=true' : '');
}

export function listBindings({ api }: Broker, vhost: string | undefined, query: ListQuery): Promise<Row[]> {
  return listRows(
    api,
    listPath('bindings', vhost),
    query,
    ({ source, destination }) => `${source} ${destination}`,
  );
}

export interface Binding {
  readonly source: string;
  readonly destination: string;
  readonly toExchange: boolean;
  readonly vhost: string;
  readonly routingKey: string;
  readonly arguments: readonly string[];
}

export async function addBinding({ api }: Broker, binding: Binding): Promise<Done> {
  const object = bindingOf(binding);
  const body = { routing_key: binding.routingKey, arguments: argumentsOf(binding.arguments) };
  await found(api, object, () => api.send('POST', object.path, body));
  return { ...named(object), did: 'bound', changed: true };
}

interface StoredBinding {
  readonly routing_key: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly properties_key: string;
}

export async function deleteBinding({ api }: Broker, binding: Binding): Promise<Done> {
  const object = bindingOf(binding);
  const wanted = JSON.stringify(argumentsOf(binding.arguments));
  const all = await found(api, object, () => api.get<readonly StoredBinding[]>(object.path));
  const one = all.find(({ routing_key, arguments: table }) => {
    return routing_key === binding.routingKey && JSON.stringify(table) === wanted;
  });
  if (!one) throw WarrenError.of('OBJECT_NOT_FOUND', object);
  await found(api, object, () => api.delete(`${object.path}/${segment(one.properties_key)}`));
  return { ...named(object), did: 'unbound', changed: true };
}

function bindingOf({ source, destination, toExchange, vhost, routingKey }: Binding): BrokerObject {
  return {
    what: 'binding',
    name: `${source} → ${destination} (routing key '${routingKey}')`,
    vhost,
    path: `/bindings/${segment(vhost)}/e/${segment(source)}/${toExchange ? 'e' : 'q'}/${segment(destination)}`,
    list: `binding list --vhost ${shellWord(vhost)}`,
  };
}
