import type { Duplex } from 'node:stream';
import { apiOf } from '../../phases/hosts/api.js';
import { type Broker, brokersOf, type HostsContext, hostsWith } from '../../phases/hosts/context.js';
import { look } from '../../phases/hosts/look.js';
import { runs } from '../../phases/hosts/node-state.js';
import { runPhases } from '../../phases/runner.js';
import type { HostsState } from '../../watch/snapshot.js';
import { type HostRunOptions, hostRun } from '../host-run.js';
import type { Surroundings } from '../surroundings.js';
import { askAll, certificatesOf, type Endpoint } from './ask.js';
import type { Listen } from './source.js';

/**
 * The hosts of a cluster file, over SSH: each node's API through its own host,
 * and what no API tells. Every look connects anew, so a host that was dead for
 * one is asked again by the next.
 */
export function listenToHosts(options: HostRunOptions, surroundings: Surroundings): Listen {
  const { file } = options;
  const place = { kind: 'hosts', file: file.file } as const;
  return async ({ clients }) => {
    const at = surroundings.now().getTime();
    const { context, close } = await hostRun(options, surroundings);
    try {
      await runPhases([look], context, { signal: surroundings.signal });
      const endpoints = brokersOf(context).map((broker) => endpointOf(context, broker));
      try {
        const answered = await askAll(endpoints, clients);
        const certificates = await certificatesOf(answered.statistics, (node, port) =>
          reach(context, node, port),
        );
        return { at, place, cluster: file.name, ...answered, certificates, hosts: hostsState(context) };
      } finally {
        for (const { api } of endpoints) api?.close();
      }
    } finally {
      await close();
    }
  };
}

function endpointOf(context: HostsContext, broker: Broker): Endpoint {
  const { name, nodeName: node } = broker;
  const failure = context.failures.get(name);
  if (failure) return { node, silence: failure.report.message };
  const facts = context.facts.get(name);
  if (!facts || !runs(facts)) return { node, silence: 'RabbitMQ does not run on its host' };
  const { login } = context.view;
  return { node, api: login && apiOf(context, broker, login), silence: context.view.silent.get(name) };
}

function reach(context: HostsContext, node: string, port: number) {
  const broker = brokersOf(context).find(({ nodeName }) => nodeName === node);
  if (!broker) return undefined;
  const open = (): Promise<Duplex> => context.connect(broker, '127.0.0.1', port);
  return { where: `${broker.address}:${port}`, open };
}

/** The cookies by their hashes, and who has which virtual address. */
function hostsState(context: HostsContext): HostsState {
  const balancers = hostsWith(context, 'balancer');
  const cookies = brokersOf(context).flatMap(({ name }): [string, string][] => {
    const hash = context.facts.get(name)?.cookie?.sha256;
    return hash === undefined ? [] : [[name, hash]];
  });
  const addresses = (context.file.front_end?.virtual_addresses ?? []).map(({ address }) => ({
    address,
    holders: balancers.filter(({ name }) => holds(context, name, address)).map(({ name }) => name),
    silent: balancers.filter(({ name }) => !context.facts.has(name)).map(({ name }) => name),
  }));
  return { cookies: new Map(cookies), addresses };
}

function holds(context: HostsContext, host: string, address: string): boolean {
  return context.facts.get(host)?.addresses.some((one) => one.address === address) ?? false;
}
