import { segment } from '../../drivers/management-api/client.js';
import { type ListQuery, listRows, type Row } from './list.js';
import { type BrokerObject, type Done, found, getObject, named } from './objects.js';
import type { Broker } from './reach.js';

export function listConnections(
  { api }: Broker,
  vhost: string | undefined,
  query: ListQuery,
): Promise<Row[]> {
  return listRows(api, `${inVhost(vhost)}/connections`, query);
}

export interface WhichChannels {
  readonly vhost?: string | undefined;
  readonly connection?: string | undefined;
}

export async function listChannels(
  { api }: Broker,
  { vhost, connection }: WhichChannels,
  query: ListQuery,
): Promise<Row[]> {
  if (connection === undefined) return listRows(api, `${inVhost(vhost)}/channels`, query);
  // RabbitMQ answers the channels of a connection that is not there with 500.
  const object = connectionOf(connection);
  await getObject(api, object);
  return listRows(api, `${object.path}/channels`, query);
}

export function listConsumers({ api }: Broker, vhost: string | undefined, query: ListQuery): Promise<Row[]> {
  const path = vhost === undefined ? '/consumers' : `/consumers/${segment(vhost)}`;
  return listRows(api, path, query, ({ consumer_tag }) => consumer_tag);
}

/** The client is told the reason, as the text of its connection.close. */
export async function closeConnection({ api }: Broker, name: string, reason: string): Promise<Done> {
  const object = connectionOf(name);
  await found(api, object, () =>
    api.request('DELETE', object.path, undefined, { headers: { 'x-reason': reason } }),
  );
  return { ...named(object), did: 'closed', changed: true };
}

/** All connections of a user, one by one; one that ends by itself meanwhile is no failure. */
export async function closeConnectionsOf(broker: Broker, user: string, reason: string): Promise<Done> {
  const fields = ['name', 'user'];
  const rows = await listConnections(broker, undefined, { fields, reverse: false });
  const own = rows.filter((row) => row.user === user).map(({ name }) => String(name));
  const closed = await Promise.allSettled(own.map((name) => closeConnection(broker, name, reason)));
  const count = closed.filter(({ status }) => status === 'fulfilled').length;
  return { what: 'connections of user', name: user, did: `${count} closed`, changed: count > 0 };
}

export function listNodes({ api }: Broker, query: ListQuery): Promise<Row[]> {
  return listRows(api, '/nodes', query);
}

function inVhost(vhost: string | undefined): string {
  return vhost === undefined ? '' : `/vhosts/${segment(vhost)}`;
}

function connectionOf(name: string): BrokerObject {
  return { what: 'connection', name, path: `/connections/${segment(name)}`, list: 'connection list' };
}
