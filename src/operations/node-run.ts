import { observe } from '../drivers/engine/node-process.js';
import type { NodeRecord } from '../drivers/local-state/record.js';
import { WarrenError } from '../errors/warren-error.js';
import { checkPorts } from '../phases/check-ports.js';
import { launchNodes } from '../phases/launch-nodes.js';
import { killNodes, pauseNodes, resumeNodes } from '../phases/signal-nodes.js';
import { stopNodes } from '../phases/stop-nodes.js';
import { waitForNodes } from '../phases/wait-for-nodes.js';
import type { LocalCluster } from './find-cluster.js';
import { type NodeOptions, type NodeResult, onNode } from './on-node.js';
import type { Surroundings } from './surroundings.js';

type Operation = (options: NodeOptions, surroundings: Surroundings) => Promise<NodeResult>;

/** Starts a stopped node with the data it has. */
export const startNode: Operation = (options, surroundings) =>
  onNode(options, surroundings, () => [checkPorts, launchNodes, waitForNodes]);

/** Stops a node cleanly, as for a restart of its host. */
export const stopNode: Operation = (options, surroundings) =>
  onNode(options, surroundings, () => [stopNodes([])]);

export const restartNode: Operation = (options, surroundings) =>
  onNode(options, surroundings, () => [stopNodes([]), checkPorts, launchNodes, waitForNodes]);

/** Ends a node's processes at once (SIGKILL), as a power cut would. */
export const killNode: Operation = (options, surroundings) =>
  onNode(options, surroundings, (node, cluster) => [mustRun(node, cluster), killNodes]);

/** Freezes a node (SIGSTOP): connections stay open and nothing answers, as on a host that hangs. */
export const pauseNode: Operation = (options, surroundings) =>
  onNode(options, surroundings, (node, cluster) => [mustRun(node, cluster), pauseNodes]);

export const resumeNode: Operation = (options, surroundings) =>
  onNode(options, surroundings, (node, cluster) => [mustRun(node, cluster), resumeNodes]);

function mustRun(node: NodeRecord, cluster: LocalCluster) {
  return {
    title: `Check that ${node.name} runs`,
    async run() {
      if (observe(cluster.folders.node(node.name)).state !== 'stopped') return;
      throw WarrenError.of('NODE_NOT_RUNNING', { node: node.name });
    },
  };
}
