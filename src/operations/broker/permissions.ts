import { segment } from '../../drivers/management-api/client.js';
import { type ListQuery, listRows, type Row } from './list.js';
import { type BrokerObject, type Done, deleteObject, getObject, putObject, shellWord } from './objects.js';
import type { Broker } from './reach.js';

export interface WhosePermissions {
  readonly user?: string | undefined;
  readonly vhost?: string | undefined;
  readonly topic: boolean;
}

export function listPermissions(
  { api }: Broker,
  { user, vhost, topic }: WhosePermissions,
  query: ListQuery,
): Promise<Row[]> {
  const what = topic ? 'topic-permissions' : 'permissions';
  const of =
    user === undefined ? (vhost === undefined ? '' : `/vhosts/${segment(vhost)}`) : `/users/${segment(user)}`;
  return listRows(api, `${of}/${what}`, query, (row) => row.user);
}

/** What a user may do in a vhost; with an exchange, with which routing keys there. */
export interface Permission {
  readonly user: string;
  readonly vhost: string;
  readonly exchange?: string | undefined;
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

export function setPermission({ api }: Broker, permission: Permission): Promise<Done> {
  const { user, vhost, exchange, configure, write, read } = permission;
  const topic = exchange !== undefined;
  const body = topic ? { exchange, write, read } : { configure, write, read };
  const rules = Object.entries(body).map(([word, rule]) => `${word} ${rule === '' ? 'nothing' : rule}`);
  const did = { made: `set: ${rules.join(', ')}`, kept: `set: ${rules.join(', ')}` };
  return putObject(api, permissionOf(user, vhost, topic), body, did);
}

export function showPermission({ api }: Broker, user: string, vhost: string): Promise<Row> {
  return getObject<Row>(api, permissionOf(user, vhost, false));
}

/** Of topic permissions, those of all exchanges go. */
export function clearPermission({ api }: Broker, user: string, vhost: string, topic: boolean): Promise<Done> {
  return deleteObject(api, permissionOf(user, vhost, topic), '', 'cleared');
}

function permissionOf(user: string, vhost: string, topic: boolean): BrokerObject {
  return {
    what: topic ? 'topic permission of user' : 'permission of user',
    name: user,
    vhost,
    path: `/${topic ? 'topic-' : ''}permissions/${segment(vhost)}/${segment(user)}`,
    list: `permission list --vhost ${shellWord(vhost)}${topic ? ' --topic' : ''}`,
  };
}
