/** This node's connections and channels, as /api/connections and /api/channels show them. */
import type { Admin } from '../../core/admin-port.js';
import type { ConnectionEntry } from '../../core/broker-port.js';
import type { Item } from '../http/columns.js';
import { detailed } from '../statistics/message-stats.js';
import type { Sampler } from '../statistics/sampler.js';

export function connectionItems(admin: Admin, sampler: Sampler): Item[] {
  const now = sampler.touch();
  return [...admin.connections.values()].map((connection) =>
    connectionItem(connection, sampler, now, admin.node),
  );
}

function connectionItem(connection: ConnectionEntry, sampler: Sampler, now: number, node: string): Item {
  const info = connection.info();
  const row = [Number(info.recv_oct ?? 0), Number(info.send_oct ?? 0)];
  const [received, sent] = sampler.rates.of(`c\0${connection.name}`, now, row);
  return {
    ...erlang,
    ...info,
    name: connection.name,
    node,
    user: connection.principal.user,
    vhost: connection.vhost,
    ...detailed('recv_oct', { total: row[0] as number, rate: received as number }),
    ...detailed('send_oct', { total: row[1] as number, rate: sent as number }),
    user_who_performed_action: connection.principal.user,
  };
}

export function channelItems(admin: Admin): Item[] {
  const items: Item[] = [];
  for (const connection of admin.connections.values()) {
    const info = connection.info();
    for (const channel of connection.channels()) {
      items.push({
        ...erlang,
        ...channel.info(),
        name: `${connection.name} (${channel.number})`,
        number: channel.number,
        node: admin.node,
        user: connection.principal.user,
        vhost: connection.vhost,
        connection_details: {
          name: connection.name,
          peer_host: info.peer_host,
          peer_port: info.peer_port,
        },
        user_who_performed_action: connection.principal.user,
      });
    }
  }
  return items;
}

/** Keys of Erlang's own bookkeeping that clients may look for. */
const erlang: Item = {
  garbage_collection: {
    fullsweep_after: 65535,
    max_heap_size: 0,
    min_bin_vheap_size: 46422,
    min_heap_size: 233,
    minor_gcs: 0,
  },
  reductions: 0,
  reductions_details: { rate: 0 },
};

export function closeConnections(admin: Admin, names: string[], reason: string): number {
  let closed = 0;
  for (const connection of admin.connections.values()) {
    if (!names.includes(connection.name)) continue;
    connection.close(reason);
    closed++;
  }
  return closed;
}
