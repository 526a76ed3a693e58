/** Consumers of the queues that this node leads. */
import type { Admin, ConsumerDetails } from '../../core/admin-port.js';
import type { Item } from '../http/columns.js';

export function consumerItems(admin: Admin): Item[] {
  const items: Item[] = [];
  for (const vhost of admin.vhosts()) {
    for (const queue of vhost.localQueues()) {
      if (queue.lengths().consumers === 0) continue;
      const details = queue.infoNow().consumer_details;
      if (Array.isArray(details)) items.push(...(details as ConsumerDetails[]).map(withPeer));
    }
  }
  return items;
}

/** The peer's address, which RabbitMQ shows beside the connection's name, stands in that name. */
export function withPeer(details: ConsumerDetails): Item {
  const [, host, port] = /^(.*):(\d+) -> /.exec(details.channel_details.connection_name) ?? [];
  const peer = host === undefined ? {} : { peer_host: host, peer_port: Number(port) };
  return { ...details, channel_details: { ...details.channel_details, ...peer } };
}
