import {
  cookieFiles,
  cookieInMemory,
  nextCookie,
  rabbitmqCookie,
  takeOverCookie,
} from '../../drivers/cookie/cookie-files.js';
import type { Door, Phase } from '../phase.js';
import { type Broker, brokersOf, factsOf, type HostsContext, transportOf } from './context.js';
import { newCookie } from './distribute-cookie.js';
import { clusterPhase, eachHost } from './each-host.js';
import { runs } from './node-state.js';
import { patience, rabbitmqService, systemdOf } from './services.js';

const title = 'Give all nodes a new Erlang cookie';

/**
 * A new cookie for nodes that go on running. First it is laid beside the old one
 * on every host; only when all have it, all nodes take it over, side by side. A
 * node checks the cookie when a connection to another begins, so those that are
 * open stay, and no client notices. For the second or so in between, nodes that
 * lose each other could not find each other again until both have it. A node
 * that does not run gets the file; one that no longer lets its own tool in, its
 * file having been replaced under it, has to be started anew.
 */
export const rotateCookie: Phase<HostsContext> = clusterPhase({
  title,
  async run(context, door) {
    const brokers = brokersOf(context);
    const text = context.cookie.given?.value.reveal() ?? newCookie();
    const ways = new Map<string, Way>();
    await eachHost(context, brokers, title, async (broker) => {
      ways.set(broker.name, await wayOf(context, broker));
    });
    if (context.failures.size > 0) return;
    await eachHost(context, brokers, title, (broker) =>
      door
        .on(broker.name)
        .change('lay the new cookie beside the old one', () => place(context, broker, text)),
    );
    if (context.failures.size > 0) return;
    await eachHost(context, brokers, title, (broker) => take(context, door, broker, ways.get(broker.name)!));
    await eachHost(context, brokers, title, (broker) => renewCopies(context, door, broker, text));
  },
  /** The same command again makes another cookie for all; no node stays stopped until then. */
  async cleanUp(context) {
    const left = brokersOf(context).map(async (broker) => {
      await transportOf(context, broker).remove(nextCookie);
      if (context.stopped.has(broker.name)) await systemdOf(context, broker).start(rabbitmqService);
    });
    await Promise.allSettled(left);
  },
});

type Way = 'live' | 'restart' | 'file';

async function wayOf(context: HostsContext, broker: Broker): Promise<Way> {
  if (!runs(factsOf(context, broker))) return 'file';
  return (await cookieInMemory(transportOf(context, broker), context.signal)) ? 'live' : 'restart';
}

function place(context: HostsContext, broker: Broker, text: string): Promise<void> {
  const options = { mode: 0o400, owner: 'rabbitmq', group: 'rabbitmq' };
  return transportOf(context, broker).writeFile(nextCookie, text, options);
}

async function take(context: HostsContext, door: Door, broker: Broker, way: Way): Promise<void> {
  const transport = transportOf(context, broker);
  const { signal } = context;
  const there = door.on(broker.name);
  const rename = async () => {
    await transport.run('mv', ['-f', nextCookie, rabbitmqCookie], { signal });
  };
  if (way === 'live') {
    await there.change(`${broker.nodeName} takes it over, running`, () => takeOverCookie(transport, signal));
  } else if (way === 'file') {
    await there.change('give it the place of the old one', rename);
  } else {
    const asks = `restarts ${broker.nodeName}, which does not let its own tools in: its connections are cut`;
    await there.change(
      `stop ${broker.nodeName}, give the new cookie its place, start it`,
      async () => {
        context.stopped.add(broker.name);
        await systemdOf(context, broker).stop(rabbitmqService, patience(context));
        await rename();
        await systemdOf(context, broker).start(rabbitmqService, patience(context));
        context.stopped.delete(broker.name);
      },
      { asks },
    );
  }
}

/** Those in the homes of root and of the one who logs in, where there are any, by which tools come in. */
async function renewCopies(context: HostsContext, door: Door, broker: Broker, text: string): Promise<void> {
  const transport = transportOf(context, broker);
  const old = factsOf(context, broker).cookie?.sha256;
  const files = await cookieFiles(transport, broker.ssh.user, context.signal);
  for (const { path, owner, sha256 } of files) {
    if (path === rabbitmqCookie || sha256 !== old) continue;
    await door
      .on(broker.name)
      .change(`renew ${path}, a copy of the old one`, () =>
        transport.writeFile(path, text, { mode: 0o400, owner }),
      );
  }
}
