import { observe } from '../drivers/engine/node-process.js';
import type { NodeRecord } from '../drivers/local-state/record.js';
import { isFree } from '../drivers/procfs/listener.js';
import { WarrenError } from '../errors/warren-error.js';
import { checkPorts } from '../phases/check-ports.js';
import { launchNodes } from '../phases/launch-nodes.js';
import { forgetRecord, recordNode, wipeData } from '../phases/node-record.js';
import { rabbitmqctlStep } from '../phases/rabbitmqctl-step.js';
import { runPhases } from '../phases/runner.js';
import { stopNodes } from '../phases/stop-nodes.js';
import { waitForNodes } from '../phases/wait-for-nodes.js';
import { describeCluster } from './describe-cluster.js';
import { findCluster, type LocalCluster, runningNodes } from './find-cluster.js';
import { localContext } from './local-context.js';
import { alone, type NodeOptions, type NodeResult, onNode, otherRunning } from './on-node.js';
import type { Surroundings } from './surroundings.js';
import { checkedName, nodeRecord } from './up-shape.js';

export interface AddOptions extends Omit<NodeOptions, 'node'> {
  readonly node?: string | undefined;
  /** The node starts by itself, to be joined by hand. */
  readonly alone: boolean;
}

/** Adds a node to a local cluster; it finds the others by its configuration. */
export async function addNode(options: AddOptions, surroundings: Surroundings): Promise<NodeResult> {
  const { name } = (await findCluster(surroundings.state, options.cluster)).record;
  return alone(name, options.command, surroundings, async () => {
    const before = await findCluster(surroundings.state, name);
    if (runningNodes(before).length === 0) throw WarrenError.of('CLUSTER_NOT_RUNNING', { cluster: name });
    const node = await newNode(before, options.node);
    const grown = { ...before, record: { ...before.record, nodes: [...before.record.nodes, node] } };
    const context = localContext(grown, surroundings, [node], options.timeoutSeconds);
    const phases = [checkPorts, recordNode(before.record, options.alone), launchNodes, waitForNodes];
    await runPhases(phases, context, { signal: surroundings.signal, watch: options.watch });
    const { nodes } = await describeCluster(grown);
    return { cluster: name, ...nodes.at(-1)! };
  });
}

/** Takes a node out of its cluster for good: stopped, forgotten by the others, its files removed. */
export function removeNode(options: NodeOptions, surroundings: Surroundings): Promise<NodeResult> {
  return onNode(options, surroundings, (node, cluster) => {
    const other = otherRunning(cluster, node);
    return [
      stopNodes([]),
      rabbitmqctlStep(`Forget ${node.name}`, other, ['forget_cluster_node', node.name]),
      forgetRecord(node),
    ];
  });
}

/** Makes a node blank. One that does not run (perhaps because it cannot) loses its data folder. */
export function resetNode(options: NodeOptions, surroundings: Surroundings): Promise<NodeResult> {
  return onNode(options, surroundings, (node, cluster) => {
    const stopped = observe(cluster.folders.node(node.name)).state === 'stopped';
    if (stopped) return [wipeData(node)];
    return [
      rabbitmqctlStep('Stop its app', node, ['stop_app'], ['start_app']),
      rabbitmqctlStep('Reset it', node, ['reset']),
      rabbitmqctlStep('Start its app', node, ['start_app']),
      waitForNodes,
    ];
  });
}

export interface JoinOptions extends NodeOptions {
  /** The node whose cluster is joined. */
  readonly to?: string | undefined;
}

/** stop_app, join_cluster, start_app, by the engine's own tool. The joiner loses all that it holds. */
export function joinNode(options: JoinOptions, surroundings: Surroundings): Promise<NodeResult> {
  return onNode(options, surroundings, (node, cluster) => {
    const to = options.to ?? otherRunning(cluster, node).name;
    const target = to.includes('@') ? to : `${to}@localhost`;
    return [
      rabbitmqctlStep('Stop its app', node, ['stop_app'], ['start_app']),
      rabbitmqctlStep(`Join the cluster of ${target}`, node, ['join_cluster', target]),
      rabbitmqctlStep('Start its app', node, ['start_app']),
      waitForNodes,
    ];
  });
}

/** Makes the others forget a stopped node; its files stay. */
export function forgetNode(options: NodeOptions, surroundings: Surroundings): Promise<NodeResult> {
  return onNode(options, surroundings, (node, cluster) => {
    if (observe(cluster.folders.node(node.name)).state !== 'stopped') {
      throw WarrenError.of('NODE_RUNNING', { node: node.name, wish: 'forgotten' });
    }
    const other = otherRunning(cluster, node);
    return [rabbitmqctlStep(`Forget ${node.name}`, other, ['forget_cluster_node', node.name])];
  });
}

async function newNode({ record }: LocalCluster, wanted: string | undefined): Promise<NodeRecord> {
  const taken = new Set(record.nodes.map(({ name }) => name.replace(/@.*$/, '')));
  let number = record.nodes.length + 1;
  while (taken.has(`${record.name}-${number}`)) number++;
  const short = checkedName(wanted ?? `${record.name}-${number}`);
  if (taken.has(short)) throw WarrenError.of('NODE_EXISTS', { node: short, cluster: record.name });
  const highest = Math.max(...record.nodes.map(({ amqpPort }) => amqpPort));
  const { settings } = record;
  return { ...(await withFreePorts(short, highest + 1)), ...(settings ? { settings } : {}) };
}

/** How far above the others a new node may come to stand. */
const farthest = 100;

/** The next ports that nobody has; where all are taken, those of which the check of the ports tells who has them. */
async function withFreePorts(short: string, base: number): Promise<NodeRecord> {
  for (let index = 0; index < farthest; index++) {
    const node = nodeRecord(short, base, index);
    const ports = [node.amqpPort, node.managementPort, node.distPort];
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return node;
  }
  return nodeRecord(short, base, 0);
}
