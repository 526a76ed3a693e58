/** What counts against the limits of virtual hosts and users. They hold for the cluster, so each node counts its part. */
import type { ConnectionEntry } from './broker-port.js';

/** Connections that are open. */
export interface Usage {
  readonly inVhost: number;
  readonly ofUser: number;
}

/** What the clients of the other nodes have; null when this node is alone. Never rejects. */
export interface Elsewhere {
  connections(vhost: string, user: string): Promise<Usage> | null;
  channels(user: string): Promise<number> | null;
}

export const noUsage: Usage = { inVhost: 0, ofUser: 0 };
export const nowhereElse: Elsewhere = { connections: () => null, channels: () => null };

export function connectionsOf(connections: Iterable<ConnectionEntry>, vhost: string, user: string): Usage {
  let inVhost = 0;
  let ofUser = 0;
  for (const connection of connections) {
    if (connection.vhost === vhost) inVhost++;
    if (connection.principal.user === user) ofUser++;
  }
  return { inVhost, ofUser };
}

export function channelsOf(connections: Iterable<ConnectionEntry>, user: string): number {
  let open = 0;
  for (const connection of connections) {
    if (connection.principal.user === user) open += [...connection.channels()].length;
  }
  return open;
}

export function addUsage(one: Usage, other: Usage): Usage {
  return { inVhost: one.inVhost + other.inVhost, ofUser: one.ofUser + other.ofUser };
}
