import { type FactsQuestion, gatherFacts } from '../../drivers/host-facts/gather.js';
import type { Phase } from '../phase.js';
import { type HostsContext, hostsWith, transportOf } from './context.js';
import { eachHost } from './each-host.js';
import { observeCluster } from './observe-cluster.js';
import { watchedPaths } from './paths.js';
import { clusterPorts, frontEndPorts, managementPortOf } from './ports.js';

/**
 * Connects to every host and looks at it, all in one script. What cannot be
 * reached is a finding like any other, so that all of them are told at once.
 */
export const look: Phase<HostsContext> = {
  title: 'Connect and look at the hosts',
  async run(context) {
    await eachHost(context, context.hosts, look.title, async (host) => {
      context.transports.set(host.name, await context.open(host));
    });
    await lookAt(context, context.hosts);
    context.view = await observeCluster(context, look.title);
    for (const [host, { report }] of context.failures) {
      const weight = context.limit.has(host) ? 'stops' : 'note';
      const problem = report.why ? `${report.message} (${report.why})` : report.message;
      context.findings.push({ host, code: report.code, problem, next: report.next, weight });
    }
  },
};

/** Looks (again) at these hosts. */
export async function lookAt(context: HostsContext, hosts: HostsContext['hosts']): Promise<void> {
  const question = questionOf(context);
  await eachHost(context, hosts, look.title, async (host) => {
    const facts = await gatherFacts(transportOf(context, host), question, context);
    context.facts.set(host.name, facts);
  });
  for (const host of hostsWith(context, 'broker')) {
    context.secrets.learn(context.facts.get(host.name)?.secrets ?? {});
  }
}

/** The same question for every host: an answer that a host's role has no use for costs next to nothing. */
function questionOf({ file }: HostsContext): FactsQuestion {
  return {
    paths: watchedPaths(file),
    names: (file.nodes ?? []).map(({ name }) => name),
    ports: [
      ...[...clusterPorts(file), ...frontEndPorts(file)].map(({ port }) => port),
      ...(file.nodes ?? []).map(({ config }) => managementPortOf({ ...file.rabbitmq.config, ...config })),
    ],
    addresses: (file.front_end?.virtual_addresses ?? []).map(({ address }) => address),
    packages: ['rabbitmq-server', 'erlang-base', 'erlang', 'esl-erlang', 'haproxy', 'keepalived', 'curl'],
    services: ['rabbitmq-server.service', 'haproxy.service', 'keepalived.service'],
  };
}
