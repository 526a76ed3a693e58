/** This node's connections and channels, as /api/connections and /api/channels show them. */
import type { Admin } from '../../core/admin-port.js';
import type { Item } from '../http/columns.js';
import { allDetailed, noneLike, statsIfAny } from '../statistics/message-stats.js';
import type { Ranges } from '../statistics/range.js';
import { channelCounts, channelRow, connectionOctets, connectionRow } from '../statistics/rows.js';
import type { Sampler } from '../statistics/sampler.js';

export function connectionItems(admin: Admin, sampler: Sampler, ranges: Ranges): Item[] {
  const now = sampler.touch();
  return [...admin.connections.values()].map((connection) => {
    const { pid: _pid, ...info } = connection.info();
    const { connection_name: given } = (info.client_properties ?? {}) as Item;
    const octets = sampler.counts(connectionRow(connection), now, [
      { names: connectionOctets, range: ranges.data },
    ]);
    return {
      ...erlang,
      ...info,
      ...allDetailed(noneLike(['reductions'], octets.recv_oct)),
      ...allDetailed(octets),
      ...(typeof given === 'string' ? { user_provided_name: given } : {}),
    };
  });
}

export function channelItems(admin: Admin, sampler: Sampler, ranges: Ranges): Item[] {
  const now = sampler.touch();
  const items: Item[] = [];
  for (const connection of admin.connections.values()) {
    for (const channel of connection.channels()) {
      const { pid: _pid, connection: _of, message_stats: _totals, ...info } = channel.info();
      const row = channelRow(channel);
      const sampled = sampler.counts(row, now, [{ names: ['any'], range: ranges.data }]).any;
      const stats = statsIfAny(
        sampler.messages([row], now, [{ names: channelCounts, range: ranges.messages }]),
      );
      items.push({
        ...erlang,
        ...info,
        ...allDetailed(noneLike(['reductions'], sampled)),
        ...(stats === undefined ? {} : { message_stats: stats }),
        ...sampler.idle(row, now),
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
