import { roundTrip } from '../../drivers/amqp/round-trip.js';
import { WarrenError } from '../../errors/warren-error.js';
import type { Phase } from '../phase.js';
import { managementPort } from './api.js';
import { partitionOf } from './cluster-view.js';
import { brokersOf, factsOf, type HostsContext, hostsWith, type Login } from './context.js';
import { clusterPhase } from './each-host.js';
import { healthProblems } from './health-problems.js';
import { lookAt } from './look.js';
import { observeCluster } from './observe-cluster.js';
import { amqpPortOf, tlsPorts } from './ports.js';
import { type Promised, promisedOf, queuePrefix, replicatedQueue } from './replicated-queue.js';
import { secretKey } from './secrets.js';
import { tlsProblems } from './tls/tls-problems.js';

const messages = 20;
const patienceMs = 20_000;

/** What was proved; filled by the phase. */
export interface Proof {
  outcome?: {
    readonly nodes: number;
    readonly messages: number;
    readonly through: string;
    /** How a queue was replicated, and on how many nodes; nothing where the profile promises nothing. */
    readonly replicated?: Promised;
  };
}

/**
 * The expert's list after the build: every node's own view is the same and
 * whole, no partitions, no alarms, one cookie, all flags enabled, the listeners
 * there, virtual hosts up, AMQP answered at each, guest gone or kept as the file says, one holder of each virtual address;
 * then real messages, by the virtual address where there is one, as a program on a
 * host would send them, a queue with as many copies as the profile promises, and
 * AMQP over TLS with the certificates of the file.
 * That a connection may be idle is not waited for: the time-outs that are rendered
 * are longer than the heartbeat, and what is deployed is compared with that.
 */
export function verify(proof: Proof): Phase<HostsContext> {
  return clusterPhase({
    title: 'Verify the cluster with real messages',
    async run(context, door) {
      if (door.shut) return;
      const brokers = brokersOf(context);
      if (context.changed) {
        await lookAt(context, context.hosts);
        context.view = await observeCluster(context, this.title);
      }
      refuse([...problemsOf(context), ...addressProblems(context)]);
      refuse(await healthProblems(context));
      const target = targetOf(context);
      const login = await publisherOf(context);
      const promised = login && promisedOf(context, login.vhost);
      const durable = promised && login.keeps ? replicatedQueue(context, login.vhost, promised) : undefined;
      if (login) {
        const through = () => context.connect(brokers[0]!, target.address, target.port);
        await roundTrip({
          ...login,
          through,
          messages,
          timeoutMs: durable ? 3 * patienceMs : patienceMs,
          durable,
        });
      }
      refuse(await tlsProblems(context));
      proof.outcome = {
        nodes: brokers.length,
        messages: login ? messages : 0,
        through: target.name,
        ...(durable && promised ? { replicated: promised } : {}),
      };
    },
  });
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw WarrenError.of('CLUSTER_NOT_WHOLE', { problems });
}

function problemsOf(context: HostsContext): string[] {
  const wanted = brokersOf(context)
    .map(({ nodeName }) => nodeName)
    .sort();
  const cookies = new Set(brokersOf(context).map((broker) => factsOf(context, broker).cookie?.sha256));
  /** With nodes of several versions flags are left as they are, until the upgrade is over. */
  const versions = new Set([...context.view.nodes.values()].map(({ version }) => version));
  return [
    ...brokersOf(context).flatMap((broker) => {
      const { name, nodeName } = broker;
      const view = context.view.nodes.get(name);
      if (!view) return [`${nodeName} does not run`];
      const partition = partitionOf(context.view, name);
      const missing = wanted.filter(
        (node) => !view.running.includes(node) && !partition?.from.includes(node),
      );
      const { listeners } = factsOf(context, { name });
      const ports = [
        amqpPortOf(context.file.rabbitmq.config),
        managementPort(context, broker),
        ...tlsPorts(context.file).map(({ port }) => port),
      ];
      const deaf = ports.filter((port) => !listeners.some((listener) => listener.port === port));
      return [
        ...(missing.length > 0 ? [`${nodeName} does not see ${missing.join(', ')} running`] : []),
        ...(partition ? [`${partition.problem} (${partition.next})`] : []),
        ...(view.disabledFlags.length > 0 && versions.size === 1
          ? [`feature flags are not enabled in ${nodeName}'s view: ${view.disabledFlags.join(' ')}`]
          : []),
        ...deaf.map((port) => `${nodeName} does not listen on port ${port}`),
      ];
    }),
    ...new Set(
      [...context.view.nodes.values()].flatMap(({ alarms }) => alarms.map((one) => `alarm: ${one}`)),
    ),
    ...(cookies.size > 1 ? ['the cookies differ'] : []),
    ...(guestIsLeft(context) ? ['the user guest is there, whose password everybody knows'] : []),
  ];
}

/** A file that names an administrator and not guest wants it gone. */
function guestIsLeft({ file, view }: HostsContext): boolean {
  const replaced = file.users.some(({ tags }) => tags.includes('administrator'));
  const kept = file.users.some(({ name }) => name === 'guest');
  return replaced && !kept && (view.found?.definitions.users.some(({ name }) => name === 'guest') ?? false);
}

interface Target {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/** The virtual address, or the balancer where there is none, or the first node. */
function targetOf(context: HostsContext): Target {
  const { front_end, rabbitmq } = context.file;
  const front = front_end?.virtual_addresses[0]?.address ?? front_end?.hosts[0]?.address;
  if (front_end && front !== undefined && balancersRun(context)) {
    const port = front_end.haproxy.amqp_port;
    return { name: `${front}:${port}`, address: front, port };
  }
  const first = brokersOf(context)[0]!;
  return { name: first.nodeName, address: first.address, port: amqpPortOf(rabbitmq.config) };
}

function balancersRun(context: HostsContext): boolean {
  const services = hostsWith(context, 'balancer').map(({ name }) =>
    context.facts.get(name)?.services.get('haproxy'),
  );
  return services.length > 0 && services.every((service) => service?.active === 'active');
}

/** Each virtual address has one holder, where Keepalived runs. */
function addressProblems(context: HostsContext): string[] {
  const keeps = hostsWith(context, 'balancer').filter(
    ({ name }) => context.facts.get(name)?.services.get('keepalived')?.active === 'active',
  );
  if (keeps.length === 0) return [];
  return (context.file.front_end?.virtual_addresses ?? []).flatMap(({ address }) => {
    const hosts = hostsWith(context, 'balancer')
      .map(({ name }) => name)
      .filter((name) => context.facts.get(name)?.addresses.some((one) => one.address === address));
    return hosts.length === 1
      ? []
      : [`${address} is held by ${hosts.length === 0 ? 'nobody' : hosts.join(' and ')}`];
  });
}

type Publisher = Login & {
  readonly vhost: string /** May declare a queue that stays. */;
  readonly keeps: boolean;
};

/** A user of the file who may declare, write and read a queue with a name of the server's making. */
async function publisherOf(context: HostsContext): Promise<Publisher | undefined> {
  for (const user of context.file.users) {
    const permission = context.file.permissions.find(
      (one) => one.user === user.name && rights(one).every((allowed) => matches(allowed, 'amq.gen-x')),
    );
    if (!permission || !user.password) continue;
    const password = await context.secrets.of(user.password, secretKey.user(user.name), `user ${user.name}`);
    const keeps = rights(permission).every((allowed) => matches(allowed, `${queuePrefix}x`));
    return { user: user.name, password: password.reveal(), vhost: permission.vhost, keeps };
  }
  return undefined;
}

function rights({ configure, write, read }: HostsContext['file']['permissions'][number]): string[] {
  return [configure, write, read];
}

function matches(pattern: string, queue: string): boolean {
  try {
    return new RegExp(pattern).test(queue);
  } catch {
    return false;
  }
}
