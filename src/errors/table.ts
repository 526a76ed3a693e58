import { entry } from './entry.js';
import { exitStatus as exit } from './exit-status.js';
import { apiErrors } from './table-api.js';
import { clusterFileErrors } from './table-cluster-file.js';
import { frontEndErrors } from './table-front-end.js';
import { hostsErrors } from './table-hosts.js';
import { packageErrors } from './table-packages.js';
import { sshErrors } from './table-ssh.js';
import { tracingErrors } from './table-tracing.js';
import { watchErrors } from './table-watch.js';

const list = (words: readonly string[]) => words.join(', ');

/**
 * Every error that Warren raises on purpose: its code, its exit status, the
 * sentence that says what happened and the one that says what to type next.
 * The message functions name the facts they need; a caller cannot leave one out.
 */
export const errorTable = {
  ...apiErrors,
  ...clusterFileErrors,
  ...hostsErrors,
  ...packageErrors,
  ...sshErrors,
  ...tracingErrors,
  ...watchErrors,
  USAGE: entry(
    exit.usage,
    (f: { problem: string; command: string }) => f.problem,
    (f) => `warren ${f.command ? `${f.command} ` : ''}--help`,
  ),
  UNKNOWN_COMMAND: entry(
    exit.usage,
    (f: { command: string; suggestion?: string }) => `'${f.command}' is not a warren command`,
    (f) => (f.suggestion ? `did you mean: warren ${f.suggestion}` : 'warren --help'),
  ),
  UNKNOWN_ENGINE: entry(
    exit.usage,
    (f: { engine: string; known: readonly string[] }) => `there is no engine '${f.engine}'`,
    (f) => `use one of: ${f.known.map((name) => `--engine ${name}`).join(', ')}`,
  ),
  BAD_HA: entry(
    exit.usage,
    (f: { value: string }) => `--ha cannot be '${f.value}'`,
    () => 'use --ha all, --ha exactly:2 or --ha none',
  ),
  BAD_NAME: entry(
    exit.usage,
    (f: { what: string; value: string }) => `'${f.value}' is not a ${f.what}`,
    () => 'use letters, digits and dashes, a letter first',
  ),
  ENGINE_NOT_INSTALLED: entry(
    exit.unavailable,
    (_: { looked: readonly string[] }) => 'RabbitMQ is not installed on this machine',
    () => 'apt-get install rabbitmq-server, or name its folder with --engine-dir, or use --engine bundled',
  ),
  ENGINE_FOLDER_INCOMPLETE: entry(
    exit.unavailable,
    (f: { folder: string; missing: readonly string[] }) => `${f.folder} has no ${list(f.missing)}`,
    () => 'name a folder that holds rabbitmq-server, rabbitmqctl and rabbitmq-plugins with --engine-dir',
  ),
  PORT_IN_USE: entry(
    exit.cannotCreate,
    (f: { port: number; node: string; holder: string; free?: number }) =>
      `port ${f.port}, wanted for ${f.node}, is in use by ${f.holder}`,
    (f) => `type the same again with --port-base ${f.free ?? 'PORT'}`,
  ),
  NODE_NAME_IN_USE: entry(
    exit.cannotCreate,
    (f: { node: string }) => `a node named ${f.node} runs on this machine already`,
    () => 'warren up --name OTHER, or stop that node first',
  ),
  NODE_START_FAILED: entry(
    exit.unavailable,
    (f: { node: string; ended: string }) => `node ${f.node} did not start: ${f.ended}`,
    () => 'correct what the node complains of, then type the same again',
  ),
  NODE_START_TIMEOUT: entry(
    exit.unavailable,
    (f: { node: string; seconds: number; waitedFor: string }) =>
      `node ${f.node} was not ready after ${f.seconds} s (waited for ${f.waitedFor})`,
    () => 'type the same again, with more time: --timeout SECONDS',
  ),
  NODE_STOP_FAILED: entry(
    exit.unavailable,
    (f: { node: string; pid: number }) => `node ${f.node} (pid ${f.pid}) did not stop`,
    (f) => `kill -9 ${f.pid}`,
  ),
  CLUSTER_BUSY: entry(
    exit.tryAgain,
    (f: { cluster: string; command: string; pid: number; since: string }) =>
      `cluster ${f.cluster} is being changed by '${f.command}' (pid ${f.pid}) since ${f.since}`,
    () => 'wait for it to end, then try again',
  ),
  CLUSTER_DIFFERS: entry(
    exit.cannotCreate,
    (f: { cluster: string; differences: readonly string[] }) =>
      `cluster ${f.cluster} exists with another shape: ${f.differences.join('; ')}`,
    (f) =>
      `warren up --name OTHER, or warren down --cluster ${f.cluster} --purge first (this deletes its messages)`,
  ),
  CLUSTER_NOT_FOUND: entry(
    exit.unavailable,
    (f: { cluster?: string; known: readonly string[] }) =>
      f.cluster
        ? `there is no cluster '${f.cluster}' on this machine`
        : 'there is no cluster on this machine',
    (f) => (f.known.length > 0 ? `choose one of: ${list(f.known)}` : 'warren up'),
  ),
  CLUSTER_AMBIGUOUS: entry(
    exit.usage,
    (f: { known: readonly string[] }) => `several clusters are on this machine: ${list(f.known)}`,
    (f) => `choose one with --cluster ${f.known[0] ?? 'NAME'}`,
  ),
  CLUSTER_NOT_RUNNING: entry(
    exit.unavailable,
    (f: { cluster: string }) => `no node of cluster ${f.cluster} runs`,
    (f) => `warren up --name ${f.cluster}`,
  ),
  RECORD_UNREADABLE: entry(
    exit.badData,
    (f: { file: string; problem: string }) => `the record ${f.file} cannot be read: ${f.problem}`,
    (f) => `remove that file's folder: ${f.file.replace(/\/[^/]*$/, '')}`,
  ),
  NODE_NOT_FOUND: entry(
    exit.usage,
    (f: { node: string; cluster: string; known: readonly string[] }) =>
      `cluster ${f.cluster} has no node '${f.node}'`,
    (f) => `choose one of: ${list(f.known)}`,
  ),
  NODE_EXISTS: entry(
    exit.cannotCreate,
    (f: { node: string; cluster: string }) => `cluster ${f.cluster} has a node ${f.node} already`,
    () => 'choose another name, or leave it out',
  ),
  NODE_NOT_RUNNING: entry(
    exit.unavailable,
    (f: { node: string }) => `node ${f.node} does not run`,
    (f) => `warren node start ${f.node}`,
  ),
  NODE_RUNNING: entry(
    exit.unavailable,
    (f: { node: string; wish: string }) => `node ${f.node} runs, so it cannot be ${f.wish}`,
    (f) => `warren node stop ${f.node}`,
  ),
  LAST_NODE: entry(
    exit.usage,
    (f: { node: string; cluster: string }) => `${f.node} is the last node of cluster ${f.cluster}`,
    (f) => `warren down --cluster ${f.cluster} --purge`,
  ),
  NEEDS_CONFIRMATION: entry(
    exit.usage,
    (f: { question: string }) => `this needs your word: ${f.question}`,
    () => 'type the same again with --yes',
  ),
  DECLINED: entry(
    exit.tryAgain,
    (_: { question: string }) => 'nothing was changed',
    () => 'answer y, or give --yes',
  ),
  TOOL_FAILED: entry(
    exit.unavailable,
    (f: { tool: string; status: number; output: string }) =>
      `${f.tool} ended with status ${f.status}: ${f.output.trim()}`,
    () => 'see what that tool says above; --debug shows the whole output',
  ),
  AMQP_UNREACHABLE: entry(
    exit.unavailable,
    (f: { url: string; reason: string }) => `no AMQP connection to ${f.url}: ${f.reason}`,
    () => 'warren ps, to see which nodes run and on which ports',
  ),
  AMQP_REFUSED_LOGIN: entry(
    exit.notPermitted,
    (f: { url: string; reason: string }) => `${f.url} refused the login: ${f.reason}`,
    () => 'give the user and password in --url amqp://user:password@host:port/vhost',
  ),
  AMQP_CLOSED: entry(
    exit.unavailable,
    (f: { doing: string; reason: string }) => `the broker ended it while ${f.doing}: ${f.reason}`,
    () => 'warren status, to see the queues and their nodes',
  ),
  QUEUE_NOT_FOUND: entry(
    exit.unavailable,
    (f: { queue: string; vhost: string }) => `there is no queue '${f.queue}' in vhost '${f.vhost}'`,
    (f) => `warren publish --queue ${f.queue} "a message" declares it`,
  ),
  MESSAGE_UNROUTABLE: entry(
    exit.unavailable,
    (f: { count: number; exchange: string; routingKey: string }) =>
      `${f.count === 1 ? 'the message went' : `${f.count} messages went`} nowhere: no queue is bound to ${
        f.exchange ? `exchange '${f.exchange}'` : 'the default exchange'
      } for routing key '${f.routingKey}'`,
    () => 'bind a queue first, or publish with --queue, which declares it',
  ),
  MESSAGE_NACKED: entry(
    exit.unavailable,
    (f: { count: number; confirmed: number }) =>
      `the broker refused ${f.count} of ${f.count + f.confirmed} messages (basic.nack)`,
    () => 'warren status, to see whether the queue is full or has lost its leader',
  ),
  CONSUME_TIMEOUT: entry(
    exit.tryAgain,
    (f: { got: number; wanted: number; queue: string; seconds: number }) =>
      `${f.got} of ${f.wanted} messages came from queue ${f.queue} in ${f.seconds} s`,
    () => 'wait longer with --timeout, or ask for fewer with --count',
  ),
  PUBLISHERS_BLOCKED: entry(
    exit.unavailable,
    (f: { reason: string }) => `the broker takes no messages now: ${f.reason}`,
    () => 'warren status, to see which node has an alarm; free memory or disk there',
  ),
  RPC_TIMEOUT: entry(
    exit.tryAgain,
    (f: { exchange: string; routingKey: string; seconds: number }) =>
      `no answer in ${f.seconds} s to the request to ${
        f.exchange ? `exchange '${f.exchange}', routing key` : 'queue'
      } '${f.routingKey}'`,
    () => 'see that somebody consumes there (warren consumer list), and wait longer with --timeout',
  ),
  TAP_DEFAULT: entry(
    exit.usage,
    () => 'no queue can be bound to the default exchange, so none can watch it',
    () => 'warren trace tail --queue QUEUE, which shows what goes there',
  ),
  TAP_SHARES: entry(
    exit.usage,
    (f: { exchange: string; type: string }) =>
      `exchange '${f.exchange}' of type ${f.type} does not give each queue a copy: a tap would take messages away from others`,
    (f) => `warren trace tail --exchange ${f.exchange}, which disturbs none`,
  ),
  VERIFY_FAILED: entry(
    exit.unavailable,
    (f: { published: number; consumed: number; problem: string }) =>
      `verification failed: ${f.published} messages confirmed, ${f.consumed} consumed: ${f.problem}`,
    () => 'warren status and warren logs, to see why',
  ),
  STATE_FOLDER: entry(
    exit.cannotCreate,
    (f: { folder: string; reason: string }) => `the state folder ${f.folder} cannot be used: ${f.reason}`,
    () => 'set XDG_STATE_HOME to a folder that you can write to',
  ),
  INTERRUPTED: entry(
    exit.interrupted,
    (f: { signal: string }) => `interrupted (${f.signal})`,
    () => 'type the same again when you like: warren looks at what is there, and goes on from that',
  ),
  TERMINATED: entry(
    exit.terminated,
    (f: { signal: string }) => `ended by ${f.signal}`,
    () => 'type the same again when you like: warren looks at what is there, and goes on from that',
  ),
  INTERNAL: entry(
    exit.internal,
    (f: { problem: string }) => `an error in warren itself: ${f.problem}`,
    () => 'type the same again with --debug and report what it shows',
  ),
  ...frontEndErrors,
} as const;

export type ErrorCode = keyof typeof errorTable;
export type FactsOf<Code extends ErrorCode> = Parameters<(typeof errorTable)[Code]['message']>[0];
