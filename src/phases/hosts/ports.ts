import type { ClusterFile } from '../../cluster-file/cluster-file.js';

/** A port that the cluster needs on a host, and the programs that may hold it already. */
export interface NeededPort {
  readonly port: number;
  readonly use: string;
  readonly holders: readonly string[];
}

const broker = ['beam.smp', 'beam'];

/** Where a node takes connections from the others. */
export const nodePort = 25672;

export function clusterPorts({ rabbitmq }: ClusterFile): NeededPort[] {
  return [
    { port: 4369, use: 'epmd', holders: ['epmd', 'systemd'] },
    { port: amqpPortOf(rabbitmq.config), use: 'AMQP', holders: broker },
    { port: managementPortOf(rabbitmq.config), use: 'management', holders: broker },
    { port: nodePort, use: 'the other nodes', holders: broker },
    ...tlsPorts({ rabbitmq }).map(({ port, use }) => ({ port, use, holders: broker })),
  ];
}

export function frontEndPorts({ front_end, rabbitmq }: ClusterFile): NeededPort[] {
  if (!front_end) return [];
  const { haproxy } = front_end;
  const holders = ['haproxy'];
  return [
    { port: haproxy.amqp_port, use: 'AMQP', holders },
    { port: haproxy.management_port, use: 'management', holders },
    { port: haproxy.stats_port, use: "HAProxy's statistics", holders },
    ...(haproxy.tls === 'passthrough' ? [{ port: haproxy.amqps_port, use: 'AMQP over TLS', holders }] : []),
    ...(haproxy.tls === 'passthrough' && rabbitmq.tls?.management
      ? [{ port: haproxy.management_tls_port, use: 'management over TLS', holders }]
      : []),
  ];
}

/** Where nodes listen for TLS, if the cluster file has it. */
export function tlsPorts({ rabbitmq }: Pick<ClusterFile, 'rabbitmq'>): Pick<NeededPort, 'port' | 'use'>[] {
  if (!rabbitmq.tls) return [];
  const { config } = rabbitmq;
  return [
    { port: amqpsPortOf(config), use: 'AMQP over TLS' },
    ...(rabbitmq.tls.management
      ? [{ port: portOf(config['management.ssl.port'], 15671), use: 'management over TLS' }]
      : []),
  ];
}

export function amqpsPortOf(config: Config): number {
  return portOf(config['listeners.ssl.default'] ?? config['listeners.ssl.1'], 5671);
}

type Config = ClusterFile['rabbitmq']['config'];

export function amqpPortOf(config: Config): number {
  return portOf(config['listeners.tcp.default'] ?? config['listeners.tcp.1'], 5672);
}

export function managementPortOf(config: Config): number {
  return portOf(config['management.tcp.port'] ?? config['management.listener.port'], 15672);
}

/** `5672`, `0.0.0.0:5672` or `:::5672`. */
function portOf(setting: string | number | boolean | undefined, usual: number): number {
  const port = Number(/(\d+)$/.exec(String(setting ?? ''))?.[1]);
  return port > 0 ? port : usual;
}
