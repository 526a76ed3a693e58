import type { ClusterFile } from '../cluster-file/cluster-file.js';
import { relayTo } from '../drivers/amqp/relay.js';
import type { SshOptions } from '../drivers/transport/ssh/target.js';
import { WarrenError } from '../errors/warren-error.js';
import { type Broker, brokersOf, type HostsContext, type Login } from '../phases/hosts/context.js';
import { lookAt } from '../phases/hosts/look.js';
import { amqpPortOf } from '../phases/hosts/ports.js';
import { secretKey } from '../phases/hosts/secrets.js';
import type { AmqpEndpoint, EndpointOptions } from './amqp-endpoint.js';
import { hostRun } from './host-run.js';
import type { Surroundings } from './surroundings.js';

/**
 * The brokers of a cluster file, reached as a program on one of their hosts
 * would reach them: by the virtual address where there is one, or by the node
 * that is named, with a user of the file who may do it. The way goes through SSH,
 * so neither a port has to be open to us nor a password to cross the network.
 */
export async function hostsEndpoint(
  file: ClusterFile,
  options: EndpointOptions & { readonly ssh: SshOptions },
  surroundings: Surroundings,
): Promise<AmqpEndpoint> {
  const { context, close } = await hostRun({ file, ssh: options.ssh, concurrency: 1 }, surroundings);
  try {
    const from = await firstReached(context, options.node);
    const login = await loginFor(context, options.vhost);
    const { name, address, port } = targetOf(file, from, options.node);
    const relay = await relayTo(() => context.connect(from, address, port));
    return {
      url: relay.url(login),
      vhost: login.vhost,
      shown: name,
      close: async () => {
        relay.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Its facts come with what was generated for the cluster. */
async function firstReached(context: HostsContext, node: string | undefined): Promise<Broker> {
  const brokers = brokersOf(context);
  const wanted = node?.replace(/^rabbit@/, '');
  const chosen = wanted === undefined ? brokers : brokers.filter(({ name }) => name === wanted);
  if (chosen.length === 0) {
    throw WarrenError.of('UNKNOWN_HOST', { host: node!, known: brokers.map(({ name }) => name) });
  }
  const problems: string[] = [];
  for (const broker of chosen) {
    try {
      context.transports.set(broker.name, await context.open(broker));
      await lookAt(context, [broker]);
    } catch (error) {
      context.signal.throwIfAborted();
      problems.push((error as Error).message);
      continue;
    }
    const failure = context.failures.get(broker.name);
    if (!failure) return broker;
    problems.push(failure.report.message);
  }
  throw WarrenError.of('HOST_SILENT', { host: chosen[0]!.name, problem: problems.join('; ') });
}

/** Those with the least rights first: an administrator is not for messages. */
async function loginFor(
  { file, secrets }: HostsContext,
  vhost: string | undefined,
): Promise<Login & { readonly vhost: string }> {
  const rights = file.permissions.filter((one) => vhost === undefined || one.vhost === vhost);
  const users = [...file.users].sort((left, right) => left.tags.length - right.tags.length);
  for (const { name, password } of users) {
    const own = rights.filter(({ user }) => user === name);
    const permission = own.find((one) => one.vhost === '/') ?? own[0];
    if (!password || !permission) continue;
    const text = await secrets.of(password, secretKey.user(name), `user ${name}`);
    return { user: name, password: text.reveal(), vhost: permission.vhost };
  }
  throw WarrenError.of('NO_MESSAGE_USER', { file: file.file, vhost });
}

function targetOf({ front_end, rabbitmq }: ClusterFile, from: Broker, node: string | undefined) {
  const address = front_end?.virtual_addresses[0]?.address ?? front_end?.hosts[0]?.address;
  if (front_end && address !== undefined && node === undefined) {
    const port = front_end.haproxy.amqp_port;
    return { name: `${address}:${port}`, address, port };
  }
  const port = amqpPortOf({ ...rabbitmq.config, ...from.node.config });
  return { name: from.nodeName, address: from.address, port };
}
