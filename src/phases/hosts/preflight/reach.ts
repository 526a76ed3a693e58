import { isIPv4 } from 'node:net';
import type { Host } from '../../../cluster-file/hosts.js';
import { type ProbeAnswer, type ProbeQuestion, probe } from '../../../drivers/host-facts/probe.js';
import { type Broker, brokersOf, factsOf, type HostsContext, hostsWith, transportOf } from '../context.js';
import { eachHost } from '../each-host.js';
import { amqpPortOf, managementPortOf, tlsPorts } from '../ports.js';
import { type Found, note, stops } from './rule.js';

/** In a larger cluster each host tries its next neighbours only: a firewall does not choose single ones. */
const neighbours = 15;

/**
 * What can only be tried, from one host to another: that brokers reach each other
 * and balancers the brokers, and that nobody else on the balancers' network has
 * their virtual router id. Nothing is tried that runs already: a node that is seen
 * by the others is reached, and Keepalived has held its elections.
 */
export async function reachFindings(context: HostsContext, phase: string): Promise<Map<string, Found[]>> {
  const found = new Map<string, Found[]>();
  const asked = context.hosts.filter(({ name }) => context.facts.has(name));
  await eachHost(context, asked, phase, async (host) => {
    const question = questionOf(context, host);
    if (question.targets.length === 0 && question.vrrpAt === undefined) return;
    const answer = await probe(transportOf(context, host), question, context.signal);
    found.set(host.name, [...blocked(context, answer), ...clashes(context, answer)]);
  });
  return found;
}

function questionOf(context: HostsContext, host: Host): ProbeQuestion {
  const brokers = brokersOf(context).filter(
    ({ name }) => name !== host.name && !context.view.nodes.has(name),
  );
  const at = brokersOf(context).findIndex(({ name }) => name === host.name);
  const near = [...brokers.slice(Math.max(0, at)), ...brokers].slice(0, Math.min(neighbours, brokers.length));
  const { config } = context.file.rabbitmq;
  const passes = context.file.front_end?.haproxy.tls === 'passthrough';
  const clients = ({ node }: Broker) => [
    amqpPortOf(config),
    managementPortOf({ ...config, ...node.config }),
    ...(passes ? tlsPorts(context.file).map(({ port }) => port) : []),
  ];
  const { roles } = host;
  return {
    targets: near.flatMap((broker) =>
      [
        ...(roles.includes('broker') ? [4369, 25672] : []),
        ...(roles.includes('balancer') ? clients(broker) : []),
      ].map((port) => ({ address: broker.address, port })),
    ),
    vrrpAt: listens(context, host) ? host.address : undefined,
  };
}

function listens(context: HostsContext, host: Host): boolean {
  const runs = factsOf(context, host).services.get('keepalived')?.active === 'active';
  const { virtual_addresses = [] } = context.file.front_end ?? {};
  return host.roles.includes('balancer') && !runs && virtual_addresses.length > 0 && isIPv4(host.address);
}

function blocked(context: HostsContext, answer: ProbeAnswer): Found[] {
  const byHost = new Map<string, { ports: number[]; reason: string }>();
  for (const { address, port, reason } of answer.blocked) {
    const { name } = context.hosts.find((one) => one.address === address) ?? { name: address };
    const known = byHost.get(name);
    byHost.set(name, { reason, ports: [...(known?.ports ?? []), port] });
  }
  return [...byHost].map(([name, { ports, reason }]) => {
    const which = `port${ports.length === 1 ? '' : 's'} ${ports.sort((a, b) => a - b).join(', ')}`;
    const problem = `it does not reach ${name} on ${which}: ${reason}`;
    return stops(
      'PORT_BLOCKED',
      problem,
      `open ${which} to this host in the firewall of ${name}, or between them`,
    );
  });
}

function clashes(context: HostsContext, answer: ProbeAnswer): Found[] {
  const { mode, vrid, virtual_addresses } = context.file.front_end ?? { vrid: 0, virtual_addresses: [] };
  const ours = hostsWith(context, 'balancer').map(({ address }) => address);
  const vrids = mode === 'active/active' ? virtual_addresses.map((_, index) => vrid + index) : [vrid];
  const strange = answer.adverts.filter((one) => vrids.includes(one.vrid) && !ours.includes(one.from));
  return [
    ...strange.map(({ from, vrid: taken }) =>
      stops(
        'VRID_TAKEN',
        `virtual router id ${taken} is in use on its network, by ${from}`,
        'write another vrid: under front_end:, from 1 to 255',
      ),
    ),
    ...(answer.deaf
      ? [
          note(
            'VRID_UNKNOWN',
            `it has neither perl nor python3 to listen for other virtual routers with`,
            'see that nobody else has the vrid of the file: tcpdump -n vrrp, for a few seconds',
          ),
        ]
      : []),
  ];
}
