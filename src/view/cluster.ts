import { table } from './table.js';

interface Node {
  readonly node: string;
  readonly state: string;
  readonly amqp: number;
  readonly management: string;
  readonly pid: number | null;
}

export interface ClusterRows {
  readonly cluster: string;
  readonly engine: string;
  readonly ha: string;
  readonly nodes: readonly Node[];
}

/** What runs where. */
export function clusterTable(cluster: ClusterRows): string {
  const title = `Cluster ${cluster.cluster} (engine ${cluster.engine}, ha ${cluster.ha})`;
  const rows = cluster.nodes.map((node) => [node.node, node.state, node.amqp, node.management, node.pid]);
  return `${title}\n${table(['NODE', 'STATE', 'AMQP', 'MANAGEMENT', 'PID'], rows)}`;
}

/** What to type next, for one who has just raised a cluster. */
export function nextSteps(cluster: ClusterRows, only: boolean, program: string): string {
  const which = only ? '' : ` --cluster ${cluster.cluster}`;
  const steps: [string, string][] = [
    [`${program} publish${which} --queue hello "Hello"`, 'send a message'],
    [`${program} consume${which} --queue hello --count 1`, 'receive it, on another node'],
    [`${program} status${which}`, 'the cluster as each node sees it'],
    [`eval "$(${program} env${which})"; rabbitmqctl cluster_status`, "the engine's own tools"],
    [`${program} down${which}`, 'stop it (--purge: and forget it)'],
  ];
  const width = Math.max(...steps.map(([command]) => command.length));
  return ['Next:', ...steps.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`)].join('\n');
}
