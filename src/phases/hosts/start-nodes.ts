import type { Host } from '../../cluster-file/hosts.js';
import { runTool } from '../../drivers/rabbitmqctl/on-host.js';
import type { Door, Phase } from '../phase.js';
import { wait } from '../wait.js';
import { type Broker, factsOf, type HostsContext, transportOf } from './context.js';
import { changeable, eachHost } from './each-host.js';
import { lookAt } from './look.js';
import { type Membership, membershipOf } from './membership.js';
import { booted, runs } from './node-state.js';
import { observeCluster } from './observe-cluster.js';
import { nodePort } from './ports.js';
import { patience, rabbitmqService, systemdOf } from './services.js';

const title = 'Start the nodes';

/**
 * First the members that are down, side by side: one that was stopped before
 * the others waits for them by itself. Then those that have been alone, and the
 * blank ones, which find the cluster by the list in rabbitmq.conf. Where there is
 * none yet the first makes it, and is given a head start, until it has opened its
 * port for the other nodes. Of a boot the making or joining is the last and short
 * part, for which nodes wait by a lock of theirs, ever longer (global:set_lock/3):
 * so it costs less if the first has that lock, and is done, when they come to it.
 * A blank node under a member's name would be turned away: its mates are told
 * to forget the one whose data is gone.
 */
export const startNodes: Phase<HostsContext> = {
  title,
  shouldRun: (context) => changeable(context, 'broker').length > 0,
  async run(context, door) {
    const membership = membershipOf(context);
    const before = [...membership.members, ...membership.apart.map(({ broker }) => broker)];
    const idle = (brokers: readonly Broker[]) =>
      brokers.filter(({ name }) => context.limit.has(name) && !started(context, name));
    await start(context, door, idle(before));
    await forgetLost(context, door, membership);
    const blank = idle(membership.blank);
    await start(context, door, blank, before.length === 0 && !door.shut ? headStart(context, blank) : {});
    if (door.shut) return;
    const all = [...before, ...membership.blank].filter(({ name }) => !context.failures.has(name));
    if (all.some(({ name }) => !context.view.nodes.has(name))) {
      await lookAt(context, all);
      context.view = await observeCluster(context, title);
    }
  },
};

function started(context: HostsContext, host: string): boolean {
  return booted(context.facts.get(host)!) && !context.stopped.has(host);
}

interface Turns {
  /** Until this node may be started. */
  readonly before?: (broker: Host) => Promise<void>;
  /** Told when it has been, or could not be. */
  readonly after?: (broker: Host) => void;
}

/** All but the first wait until that one takes connections from other nodes, or is at its end. */
function headStart(context: HostsContext, [first]: readonly Broker[]): Turns {
  let over = false;
  return {
    async before({ name }) {
      while (name !== first?.name && !over && !(await opensItsPort(context, first!))) {
        await wait(headStartMs, context.signal);
      }
    },
    after({ name }) {
      over ||= name === first?.name;
    },
  };
}

const headStartMs = 200;

/** By what the kernel lists: a tool of RabbitMQ's would have to boot itself. */
async function opensItsPort(context: HostsContext, { name }: Broker): Promise<boolean> {
  const { signal } = context;
  const listens = `:${nodePort.toString(16).toUpperCase()} [0-9A-F]*:0000 0A `;
  const args = ['-qs', listens, '/proc/net/tcp', '/proc/net/tcp6'];
  const { status } = await transportOf(context, { name }).run('grep', args, { signal, readOnly: true });
  return status === 0;
}

async function start(
  context: HostsContext,
  door: Door,
  brokers: readonly Broker[],
  { before, after }: Turns = {},
): Promise<void> {
  await eachHost(context, brokers, title, async (broker) => {
    await before?.(broker);
    try {
      await startOne(context, door, broker);
    } finally {
      after?.(broker);
    }
  });
}

async function startOne(context: HostsContext, door: Door, broker: Broker): Promise<void> {
  const service = factsOf(context, broker).services.get('rabbitmq-server');
  const boots = runs(factsOf(context, broker)) && !context.stopped.has(broker.name);
  const sentence = boots ? `wait until ${broker.nodeName} has booted` : `start ${broker.nodeName}`;
  await door.on(broker.name).change(sentence, async () => {
    if (service?.loaded && !service.enabled)
      await systemdOf(context, broker).enable(rabbitmqService, patience(context));
    await systemdOf(context, broker).start(rabbitmqService, patience(context));
    context.stopped.delete(broker.name);
  });
}

async function forgetLost(context: HostsContext, door: Door, { members, blank }: Membership): Promise<void> {
  const mate = members.find(({ name }) => context.view.nodes.has(name) && started(context, name));
  const known = mate ? context.view.nodes.get(mate.name)!.members : [];
  const lost = blank.filter(({ nodeName }) => known.includes(nodeName));
  for (const { nodeName } of lost) {
    const { signal } = context;
    await door
      .on(mate!.name)
      .change(
        `forget the ${nodeName} whose data is gone`,
        () =>
          runTool(transportOf(context, mate!), 'rabbitmqctl', ['forget_cluster_node', nodeName], { signal }),
        { asks: `${nodeName} leaves the cluster before it joins anew: what only it held is gone already` },
      );
  }
}
