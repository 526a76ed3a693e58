import { LinkError } from '../../cluster/link/errors.js';
import { fullNodeName } from '../../config/node-name.js';
import { compatibleVersion } from '../../config/plugins.js';
import type { ClusterAnswer } from '../../control/requests.js';
import { OperationRefused } from '../../core/metadata/operation.js';
import { alarmJson, alarmLine } from '../alarm-lines.js';
import { type Command, type Invocation, nothing, value } from '../command.js';
import { CommandFailed, exitStatus, UsageError } from '../exit-status.js';
import { featureFlags } from '../feature-flags.js';
import { listenerJson, listenerLine } from '../listener-lines.js';
import { submit } from '../metadata-access.js';
import { runtimeVersion } from '../runtime-version.js';
import { orNone, sections } from '../sections.js';

const clusterStatus: Command = {
  usage: '[--timeout <timeout>]',
  operands: [0, 0],
  requires: 'running app',
  timeout: 60,
  banner: ({ node }) => `Cluster status of node ${node} ...`,
  async run(_invocation, session) {
    const answer = await session.ask('cluster', {});
    return value(clusterText(answer).trimEnd(), clusterJson(answer));
  },
};

const namesOf = (answer: ClusterAnswer, type: 'disc' | 'ram') =>
  answer.nodes.filter((node) => node.type === type).map(({ name }) => name);
const runningOf = (answer: ClusterAnswer) =>
  answer.nodes.filter(({ running }) => running).map(({ name }) => name);
/** What a running node said; one that hangs is silent, and shown as RabbitMQ shows it. */
const answeredBy = (answer: ClusterAnswer, name: string) => answer.answered.find(({ node }) => node === name);

function maintenanceOf(answer: ClusterAnswer, name: string): string {
  const node = answeredBy(answer, name);
  if (node === undefined) return 'unknown';
  return node.maintenance ? 'marked for maintenance' : 'not under maintenance';
}

function clusterText(answer: ClusterAnswer): string {
  const ram = namesOf(answer, 'ram');
  const running = runningOf(answer);
  const versionOf = (name: string) =>
    answeredBy(answer, name) ? `RabbitMQ ${compatibleVersion} on ${runtimeVersion}` : '  on Node.js ';
  return sections([
    ['Basics', [`Cluster name: ${answer.name}`]],
    ['Disk Nodes', namesOf(answer, 'disc')],
    ...(ram.length > 0 ? [['RAM Nodes', ram] as const] : []),
    ['Running Nodes', running],
    ['Versions', running.map((name) => `${name}: ${versionOf(name)}`)],
    ['Maintenance status', running.map((name) => `Node: ${name}, status: ${maintenanceOf(answer, name)}`)],
    ['Alarms', orNone(answer.alarms.map(alarmLine))],
    [
      'Network Partitions',
      orNone(
        answer.answered
          .filter(({ partitions }) => partitions.length > 0)
          .map(({ node, partitions }) => `Node ${node} cannot communicate with ${partitions.join(', ')}`),
      ),
    ],
    [
      'Listeners',
      answer.answered.flatMap(({ node, listeners }) =>
        listeners.map((listener) => `Node: ${node}, ${listenerLine(listener).replace(/^I/, 'i')}`),
      ),
    ],
    ['Feature flags', featureFlags.map(({ name }) => `Flag: ${name}, state: enabled`)],
  ]);
}

function clusterJson(answer: ClusterAnswer): Record<string, unknown> {
  const perNode = <T>(make: (node: string) => T) =>
    Object.fromEntries(runningOf(answer).map((node) => [node, make(node)]));
  const partitioned = answer.answered.filter(({ partitions }) => partitions.length > 0);
  return {
    alarms: answer.alarms.map(alarmJson),
    cluster_name: answer.name,
    disk_nodes: namesOf(answer, 'disc'),
    feature_flags: featureFlags.map(({ name, desc, doc_url, provided_by }) => ({
      desc,
      doc_url,
      name,
      provided_by,
      stability: 'stable',
      state: 'enabled',
    })),
    listeners: perNode((node) =>
      (answeredBy(answer, node)?.listeners ?? []).map((listener) => listenerJson(node, listener)),
    ),
    maintenance_status: perNode((node) => maintenanceOf(answer, node)),
    partitions: Object.fromEntries(partitioned.map(({ node, partitions }) => [node, partitions])),
    ram_nodes: namesOf(answer, 'ram'),
    running_nodes: runningOf(answer),
    versions: perNode((node) => {
      const known = answeredBy(answer, node) !== undefined;
      return {
        erlang_version: known ? runtimeVersion : null,
        rabbitmq_name: known ? 'RabbitMQ' : null,
        rabbitmq_version: known ? compatibleVersion : null,
      };
    }),
  };
}

const seedOf = ({ operands, longNames }: Invocation) => fullNodeName(operands[0]!, longNames);

const joinCluster: Command = {
  usage: '[--disc|--ram] <existing_cluster_member>',
  operands: [1, 1],
  options: { disc: 'flag', ram: 'flag' },
  requires: 'stopped app',
  check({ options }) {
    if (options.disc === true && options.ram === true) {
      throw new UsageError('Bad argument: The node type must be either disc or ram.', exitStatus.dataError);
    }
  },
  banner: ({ node, operands }) => `Clustering node ${node} with ${operands[0]}`,
  async run(invocation, session) {
    const seed = seedOf(invocation);
    if (seed === invocation.node) {
      throw new CommandFailed(exitStatus.software, `Error: cannot cluster node with itself: ${seed}`);
    }
    const type = invocation.options.ram === true ? 'ram' : 'disc';
    const answer = await session
      .ask('join', { node: seed, type })
      .catch((error: unknown) => notJoined(error, seed));
    if (answer === 'joined') return nothing;
    const message = 'The node is already a member of this cluster';
    return value(message, { message });
  },
};

/** Not reached: told as of any node that cannot be talked to. */
function notJoined(error: unknown, seed: string): never {
  if (!(error instanceof OperationRefused)) throw error;
  if (error.code === 'node_unreachable') throw new LinkError('not_registered', seed, error.message);
  throw new CommandFailed(exitStatus.unavailable, error.message);
}

const forgetClusterNode: Command = {
  usage: '[--offline] <existing_cluster_member_node>',
  operands: [1, 1],
  // RabbitMQ reads the files of a node that is down; here the process answers while its application is stopped.
  requires: ({ options }) => (options.offline === true ? 'stopped app' : 'running app'),
  banner: ({ operands }) => `Removing node ${operands[0]} from the cluster`,
  async run(invocation, session) {
    const node = seedOf(invocation);
    const offline = invocation.options.offline === true;
    await session.ask('forget', { node, offline }).catch((error: unknown) => notForgotten(error, node));
    return nothing;
  },
};

function notForgotten(error: unknown, node: string): never {
  if (!(error instanceof OperationRefused)) throw error;
  if (error.code === 'not_a_member' || error.code === 'not_a_cluster_node') {
    throw new CommandFailed(
      exitStatus.unavailable,
      "{:not_a_cluster_node, 'The node selected is not in the cluster.'}",
    );
  }
  if (error.code === 'node_running') {
    throw new CommandFailed(
      exitStatus.unavailable,
      `RabbitMQ on node ${node} must be stopped with 'rabbitmqctl -n ${node} stop_app' before it can be removed`,
    );
  }
  throw new CommandFailed(exitStatus.unavailable, error.message);
}

const setClusterName: Command = {
  usage: '<name>',
  operands: [1, 1],
  requires: 'running app',
  banner: ({ operands }) => `Setting cluster name to ${operands[0]} ...`,
  async run({ operands }, session) {
    await submit(session, 'global_parameter.set', { name: 'cluster_name', value: operands[0]! });
    return nothing;
  },
};

export const clusterCommands: Record<string, Command> = {
  cluster_status: clusterStatus,
  join_cluster: joinCluster,
  forget_cluster_node: forgetClusterNode,
  set_cluster_name: setClusterName,
};
