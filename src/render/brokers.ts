import type { ClusterFile, FileNode } from '../cluster-file/cluster-file.js';

/** A broker as HAProxy knows it. */
export interface Server {
  readonly name: string;
  readonly address: string;
  /** It gets connections only while no other is there. */
  readonly backup: boolean;
}

export interface BrokerPorts {
  readonly amqp: number;
  readonly amqps: number;
  readonly management: number;
  readonly managementTls: number;
}

/** In a standby cluster, all but the active node are there in case. */
export function serversOf(file: ClusterFile): Server[] {
  const nodes = (file.nodes ?? []).filter(isRemote);
  const { profile } = file;
  const active = profile?.name === 'standby' ? (profile.active ?? nodes[0]?.name) : undefined;
  return nodes.map(({ name, address }) => ({
    name,
    address,
    backup: active !== undefined && name !== active,
  }));
}

/** Where the brokers listen, as far as the cluster file says so. */
export function brokerPorts(file: ClusterFile): BrokerPorts {
  const config = file.rabbitmq.config;
  return {
    amqp: portOf(config['listeners.tcp.default']) ?? 5672,
    amqps: portOf(config['listeners.ssl.default']) ?? 5671,
    management: portOf(config['management.tcp.port'] ?? config['management.listener.port']) ?? 15_672,
    managementTls: portOf(config['management.ssl.port']) ?? 15_671,
  };
}

function isRemote(node: FileNode): node is FileNode & { address: string } {
  return node.address !== undefined;
}

/** `5672` or `192.0.2.1:5672`. */
function portOf(value: unknown): number | undefined {
  const port = Number(/(\d+)$/.exec(String(value ?? ''))?.[1]);
  return Number.isInteger(port) && port > 0 ? port : undefined;
}
