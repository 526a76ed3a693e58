import { entry } from './entry.js';
import { exitStatus as exit } from './exit-status.js';

const list = (words: readonly string[]) => words.join(', ');

/** What can go wrong with the hosts of a cluster. */
export const hostsErrors = {
  FACTS_INCOMPLETE: entry(
    exit.unavailable,
    (_: { host: string }) => 'looking at the host came to no end',
    (f) => `log in to ${f.host} and see that sh, awk and coreutils work there`,
  ),
  PREFLIGHT: entry(
    exit.configuration,
    (f: { count: number; hosts: readonly string[]; file: string }) =>
      `${f.count === 1 ? 'something stands' : `${f.count} things stand`} in the way on ${list(f.hosts)}; nothing was changed`,
    (f) => `put that right, then: warren check --file ${f.file}`,
  ),
  VERSION_NOT_OFFERED: entry(
    exit.configuration,
    (f: { host: string; package: string; wanted: string; versions: readonly string[] }) =>
      `the cluster file says ${f.package} ${f.wanted}, and ${f.host} is offered ${list(f.versions) || 'none'}`,
    () => 'correct it under rabbitmq:, or name a repository that has it with source:',
  ),
  NO_REPOSITORY: entry(
    exit.configuration,
    (f: { host: string; kind: string; file: string }) =>
      `${f.host} installs by ${f.kind}, and ${f.file} names repositories of the other kind only`,
    (f) => `add source: { ${f.kind}: [...] } under rabbitmq:, or write source: system`,
  ),
  KEY_NOT_TEXT: entry(
    exit.configuration,
    (f: { file: string }) => `${f.file} is not a public key in its text form`,
    (f) =>
      `gpg --enarmor <${f.file} | sed 's/ARMORED FILE/PUBLIC KEY BLOCK/' >${f.file}.asc, and name that one`,
  ),
  ERLANG_MISFIT: entry(
    exit.configuration,
    (f: { host: string; problem: string }) => `on ${f.host} the Erlang does not fit: ${f.problem}`,
    () => 'name repositories with source: under rabbitmq: that have an Erlang of that range',
  ),
  NODE_HOLDS: entry(
    exit.tryAgain,
    (f: { node: string; host: string; holds: readonly string[] }) =>
      `${f.node} is in no cluster and holds ${list(f.holds)}: joining would delete that`,
    (f) => `to join it all the same, type the same again with --reset-node ${f.host}`,
  ),
  HOSTS_BUSY: entry(
    exit.tryAgain,
    (f: { host: string; holder: string; command: string; since: string; seconds: number }) =>
      `${f.holder} is changing ${f.host} with '${f.command}' since ${f.since}`,
    (f) => `wait for it to end; if it ended without a word, its claim ends in ${f.seconds} s`,
  ),
  LOCK_LOST: entry(
    exit.tryAgain,
    (f: { host: string }) => `the lock on ${f.host} was lost: it was not renewed in time`,
    () => 'type the same again: what is done is seen, and not done twice',
  ),
  CLUSTER_NOT_WHOLE: entry(
    exit.unavailable,
    (f: { problems: readonly string[] }) => `the cluster is not as it should be: ${list(f.problems)}`,
    () => 'see the log of that node: journalctl -u rabbitmq-server, and /var/log/rabbitmq',
  ),
  NOT_REPLICATED: entry(
    exit.unavailable,
    (f: { kind: string; vhost: string; copies: number; nodes: readonly string[] }) =>
      `a ${f.kind} queue of vhost ${f.vhost} is to have ${f.copies} copies, and has ${f.nodes.length} (${list(f.nodes)})`,
    () => 'see which policy it gets and who runs: warren status, rabbitmqctl list_policies',
  ),
  NO_REMOTE_NODES: entry(
    exit.configuration,
    (f: { file: string }) => `no node in ${f.file} has an address`,
    () => 'give the nodes addresses, or raise them on this machine: warren up --file FILE',
  ),
  UNKNOWN_HOST: entry(
    exit.usage,
    (f: { host: string; known: readonly string[] }) => `the cluster file has no host '${f.host}'`,
    (f) => `choose one of: ${list(f.known)}`,
  ),
  NODE_SILENT: entry(
    exit.unavailable,
    (f: { node: string; seconds: number }) => `${f.node} runs and has not answered in ${f.seconds} s`,
    () => 'see that host: its log (warren logs), its load, whether the process is stopped',
  ),
  NO_MEMBER_RUNS: entry(
    exit.unavailable,
    (f: { node: string; silent: readonly string[] }) =>
      `no member of the cluster runs that could be told to forget ${f.node} (${list(f.silent)}); nothing was changed`,
    () => 'start one of the others first: warren apply; warren status shows why each of them does not answer',
  ),
  MEMBER_RUNS: entry(
    exit.unavailable,
    (f: { node: string; host: string }) => `${f.node} runs: it is not dead, and is not forgotten`,
    (f) => `warren node remove ${f.host}, or warren node restart ${f.host}`,
  ),
  NODE_CRITICAL: entry(
    exit.tryAgain,
    (f: { node: string }) => `${f.node} cannot be spared: there are queues that depend on it alone`,
    () => 'wait until their mirrors or members have caught up (warren status), then type the same again',
  ),
  SERVER_STATE: entry(
    exit.unavailable,
    (f: { server: string; state: string }) => `HAProxy does not say that ${f.server} is ${f.state}`,
    () => 'see what it says: warren lb status',
  ),
  WHICH_NODE: entry(
    exit.usage,
    (f: { choices: readonly string[] }) =>
      f.choices.length === 0
        ? 'every node of the cluster file is a member already'
        : `several nodes are new: ${list(f.choices)}`,
    (f) => `warren node add ${f.choices[0] ?? 'HOST'}`,
  ),
  SERVER_NOT_UP: entry(
    exit.unavailable,
    (f: { server: string }) => `the balancers do not find ${f.server} well, though its node runs`,
    () => 'see what the balancers say of it: warren lb status',
  ),
  HOSTS_ONLY: entry(
    exit.usage,
    (f: { what: string }) => `${f.what} is about hosts, and no cluster file with hosts is meant here`,
    () => 'name one with --cluster FILE, or type it where there is a warren.yaml',
  ),
  NAME_NOT_TYPED: entry(
    exit.tryAgain,
    (_: { cluster: string }) => 'nothing was changed: the name of the cluster was not typed',
    (f) => `type the name when asked, or give it: --confirm ${f.cluster}`,
  ),
  HOST_SILENT: entry(
    exit.unavailable,
    (f: { host: string; problem: string }) => f.problem,
    (f) => `see that ${f.host} runs and can be reached: warren check`,
  ),
  NO_MESSAGE_USER: entry(
    exit.configuration,
    (f: { file: string; vhost?: string | undefined }) =>
      `${f.file} names no user with a password and a permission${f.vhost === undefined ? '' : ` in vhost ${f.vhost}`}`,
    () => 'add one under users:, or give --url amqp://user:password@host:port/vhost',
  ),
  NO_COOKIE: entry(
    exit.configuration,
    (f: { host: string }) => `${f.host} has no Erlang cookie to give to the others`,
    () => 'name a host that has one with --from, or: warren apply',
  ),
  UNKNOWN_PHASE: entry(
    exit.usage,
    (f: { phase: string; known: readonly string[] }) => `apply has no phase '${f.phase}'`,
    (f) => `choose from: ${list(f.known)}`,
  ),
} as const;
