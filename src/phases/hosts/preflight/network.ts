import { clusterPorts, frontEndPorts, type NeededPort } from '../ports.js';
import { interfaceFor } from '../virtual-address.js';
import { note, type Rule, type Subject, stops } from './rule.js';

/** Ports, names, addresses and interfaces. */
export const networkRules: readonly Rule[] = [
  portsFree,
  ownAddress,
  loopbackNames,
  virtualAddressFree,
  networkCard,
];

function portsFree({ host, facts, context }: Subject) {
  const needed: NeededPort[] = [
    ...(host.roles.includes('broker') ? clusterPorts(context.file) : []),
    ...(host.roles.includes('balancer') ? frontEndPorts(context.file) : []),
  ];
  return needed.flatMap(({ port, use, holders }) => {
    const strangers = facts.listeners.filter((one) => one.port === port && !holders.includes(one.program));
    if (strangers.length === 0) return [];
    const { program, pid } = strangers[0]!;
    const who = program === '?' ? 'a program that does not say its name' : `${program} (pid ${pid})`;
    const problem = `port ${port}, needed for ${use}, is taken by ${who}`;
    return [stops('PORT_TAKEN', problem, `stop ${program}, or give it another port`)];
  });
}

/** The host must have the address under which the others will look for its node. */
function ownAddress({ host, facts }: Subject) {
  if (!/^[\d.]+$|:/.test(host.address) || facts.addresses.some(({ address }) => address === host.address))
    return [];
  const own = facts.addresses
    .filter(({ interface: device }) => device !== 'lo')
    .map(({ address }) => address);
  const problem = `none of its interfaces has ${host.address}, under which the other nodes look for it (it has ${own.join(', ')})`;
  return [
    stops(
      'ADDRESS_NOT_THERE',
      problem,
      `give an address that the host itself has, such as ${own[0] ?? '192.0.2.1'}`,
    ),
  ];
}

/** The next apply writes the right line and takes the name out of the wrong one. */
function loopbackNames({ host, facts, context }: Subject) {
  if (!host.roles.includes('broker')) return [];
  return (context.file.nodes ?? []).flatMap(({ name }) => {
    const loopback = (facts.resolves.get(name) ?? []).find((address) => /^127\.|^::1$/.test(address));
    if (!loopback) return [];
    const where = lineOf(facts.hostsFile, name, loopback);
    const line = where ? ` (/etc/hosts, line ${where})` : '';
    const problem = `the name ${name} resolves to ${loopback}${line}: the node would be looked for on the wrong side`;
    const next = where
      ? 'warren apply gives every host its own line and takes the name out of this one'
      : 'warren apply writes a line for it into /etc/hosts';
    return [note('NAME_IS_LOOPBACK', problem, next)];
  });
}

function virtualAddressFree({ host, facts, context }: Subject) {
  if (!host.roles.includes('balancer')) return [];
  const balancers = context.hosts.filter(({ roles }) => roles.includes('balancer'));
  return facts.answers.flatMap((address) => {
    const ours = balancers.some(({ name }) =>
      context.facts.get(name)?.addresses.some((one) => one.address === address),
    );
    if (ours) return [];
    const problem = `the virtual address ${address} is in use by another machine: it answers, and no balancer holds it`;
    return [
      stops(
        'VIRTUAL_ADDRESS_TAKEN',
        problem,
        `choose another address, or find the machine: ip neigh show ${address}`,
      ),
    ];
  });
}

function networkCard({ host, facts, context }: Subject) {
  const frontEnd = context.file.front_end;
  if (!host.roles.includes('balancer') || !frontEnd) return [];
  const wanted = frontEnd.hosts.find(({ name }) => name === host.name)?.interface;
  if (wanted !== undefined) {
    if (facts.interfaces.includes(wanted)) return [];
    const there = facts.interfaces.filter((name) => name !== 'lo').join(', ');
    return [
      stops(
        'INTERFACE_MISSING',
        `it has no interface ${wanted} (it has ${there})`,
        'correct interface: in the cluster file, or leave it out',
      ),
    ];
  }
  if (frontEnd.virtual_addresses.length === 0 || interfaceFor(facts, host.address)) return [];
  const problem = `no interface of it carries ${host.address}, so there is none for the virtual address`;
  return [stops('INTERFACE_MISSING', problem, 'name the interface with interface: in the cluster file')];
}

/** The number of the line of /etc/hosts that gives this address to this name. */
function lineOf(hostsFile: string, name: string, address: string): number | undefined {
  const lines = hostsFile.split('\n').map((line) => line.replace(/#.*/, '').trim().split(/\s+/));
  const at = lines.findIndex(([first, ...names]) => first === address && names.includes(name));
  return at < 0 ? undefined : at + 1;
}
