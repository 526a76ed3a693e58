import { WarrenError } from '../errors/warren-error.js';
import { buryNode, isReplaced } from '../phases/hosts/bury-node.js';
import { clearHosts } from '../phases/hosts/clear-hosts.js';
import type { HostsContext } from '../phases/hosts/context.js';
import { departNode, forgetNode, isMember } from '../phases/hosts/depart.js';
import { drainNodes, reviveNodes } from '../phases/hosts/drain-nodes.js';
import { holdAddresses } from '../phases/hosts/hold-addresses.js';
import { limited, without } from '../phases/hosts/narrowed.js';
import { resetNode } from '../phases/hosts/reset-node.js';
import { rollingRestart } from '../phases/hosts/rolling-restart.js';
import { settleIn } from '../phases/hosts/settle-in.js';
import type { Phase } from '../phases/phase.js';
import { buildPhases } from './build-phases.js';
import {
  type Aim,
  changeMembers,
  type MemberChangeOptions,
  type MemberChangeResult,
} from './change-members.js';
import type { Surroundings } from './surroundings.js';

/**
 * The members of a cluster on hosts. Each verb is a list of phases, most of them
 * those of `apply`, aimed at the host in question and at those that have to know.
 */
export interface MemberOptions extends MemberChangeOptions {
  /** Hosts of the cluster file, or, for those it says nothing of, nodes. */
  readonly nodes: readonly string[];
}

type Verb = (options: MemberOptions, surroundings: Surroundings) => Promise<MemberChangeResult>;
type Phases = readonly Phase<HostsContext>[];

const {
  packages,
  names,
  secrets,
  cookie,
  configuration,
  start,
  join,
  restart,
  plugins,
  definitions,
  haproxy,
  keepalived,
} = buildPhases;
const flags = buildPhases['feature-flags'];

/** From a host that is new in the cluster file to a member that clients are sent to. */
export const addNode: Verb = (options, surroundings) =>
  changeMembers(options, surroundings, (context) => {
    const [name = theNewOne(context)] = knownHosts(context, options);
    return { ...everyHost(context, name), checked: true, proves: true, phases: arrival(name) };
  });

/** The same for one whose predecessor, of the same name, died for good. */
export const replaceNode: Verb = (options, surroundings) =>
  changeMembers(options, surroundings, (context) => {
    const [name] = knownHosts(context, options);
    const phases = [buryNode(name!), ...arrival(name!)];
    const mends = ['NODE_FORGOTTEN'];
    const after = `No dead ${name} was buried: it runs, as a member. A living one is renewed by: warren node remove ${name}; warren node add ${name}`;
    const said = isReplaced(context, name!) ? { after } : {};
    return { ...everyHost(context, name!), checked: true, proves: true, phases, mends, ...said };
  });

export const removeNode: Verb = (options, surroundings) =>
  changeMembers(options, surroundings, (context) => removing(context, options.nodes[0]!));

/** Those that stay are told what their number decides: a setting, for which they are started anew, or how many copies a queue has. */
export function removing(context: HostsContext, name: string): Aim {
  const inFile = context.hosts.some((host) => host.name === name);
  mustBeMember(context, name, inFile);
  const rest: Phases = [names, configuration, restart, definitions, ...frontEnd].map((phase) =>
    without(phase, name),
  );
  const phases = [departNode(name), ...rest, limited(clearHosts, [name])];
  const after = `Take ${name} out of ${context.file.file}, or the next apply adds it again.`;
  return { ...everyHost(context), phases, ...(inFile ? { after } : {}) };
}

export const leaveCluster: Verb = (options, surroundings) =>
  changeMembers(options, surroundings, (context) => {
    const [name] = knownHosts(context, options);
    const after = `It is stopped and blank. Back again: warren node join ${name}`;
    return { ...everyHost(context), phases: [departNode(name!)], after };
  });

export const forgetMember: Verb = (options, surroundings) =>
  changeMembers(options, surroundings, (context) => forgetting(context, options.nodes[0]!));

/** Its own host may be dead, which is why it is forgotten: it need not be reached. */
export function forgetting(context: HostsContext, name: string): Aim {
  return { ...everyHost(context), phases: [forgetNode(name)] };
}

/** A node that is apart joins; it loses what it holds, which is exported first. */
export const joinCluster: Verb = (options, surroundings) =>
  changeMembers(
    options,
    surroundings,
    (context) => {
      const [name] = knownHosts(context, options);
      const own = [names, secrets, cookie, configuration, start, join, plugins];
      const phases = [...own.map((phase) => limited(phase, [name!])), settleIn(name!)];
      return { ...everyHost(context, name!), checked: true, proves: true, phases };
    },
    { resetNodes: options.nodes },
  );

export const resetMember: Verb = (options, surroundings) =>
  changeMembers(options, surroundings, (context) => {
    const [name] = knownHosts(context, options);
    return { ...everyHost(context, name!), phases: [resetNode(name!), limited(start, [name!])] };
  });

/** One at a time; without a name, all. */
export const restartMembers: Verb = (options, surroundings) =>
  changeMembers(options, surroundings, (context) => {
    const all = brokerNames(context);
    const chosen = options.nodes.length > 0 ? knownHosts(context, options) : all;
    return { ...everyHost(context, ...all), proves: true, phases: [rollingRestart(chosen)] };
  });

export const drainMembers: Verb = (options, surroundings) =>
  changeMembers(options, surroundings, (context) => {
    const chosen = knownHosts(context, options);
    return { ...everyHost(context, ...chosen), phases: [drainNodes(chosen)] };
  });

export const reviveMembers: Verb = (options, surroundings) =>
  changeMembers(options, surroundings, (context) => {
    const chosen = knownHosts(context, options);
    return { ...everyHost(context, ...chosen), phases: [reviveNodes(chosen)] };
  });

/** What only the balancers' hosts have to know. */
const frontEnd: Phases = [haproxy, keepalived, holdAddresses];

function arrival(name: string): Phases {
  const own = (phase: Phase<HostsContext>) => limited(phase, [name]);
  return [
    own(packages),
    names,
    own(secrets),
    own(cookie),
    configuration,
    own(start),
    own(join),
    restart,
    own(plugins),
    flags,
    definitions,
    settleIn(name),
    ...frontEnd,
  ];
}

/** All that can be reached are told; `needed` must be reached, and `besides` need not be. */
function everyHost(context: HostsContext, ...needed: readonly (string | undefined)[]): Pick<Aim, 'changes'> {
  const changes = context.hosts
    .map(({ name }) => name)
    .filter((name) => !context.failures.has(name) || needed.includes(name));
  return { changes };
}

function brokerNames({ hosts }: HostsContext): string[] {
  return hosts.filter(({ roles }) => roles.includes('broker')).map(({ name }) => name);
}

function knownHosts(context: HostsContext, { nodes }: MemberOptions): string[] {
  const known = brokerNames(context);
  return nodes.map((wanted) => {
    const name = wanted.replace(/^rabbit@/, '');
    if (!known.includes(name)) throw WarrenError.of('UNKNOWN_HOST', { host: wanted, known });
    return name;
  });
}

/** The one host of the file whose node no member knows. */
function theNewOne(context: HostsContext): string {
  const fresh = brokerNames(context).filter(
    (name) => !context.view.nodes.has(name) && !isMember(context, name),
  );
  if (fresh.length === 1) return fresh[0]!;
  throw WarrenError.of('WHICH_NODE', { choices: fresh });
}

/** Nothing is left to be removed of a node that no member knows; one in the file is cleared all the same. */
function mustBeMember(context: HostsContext, name: string, inFile: boolean): void {
  if (inFile || isMember(context, name)) return;
  throw WarrenError.of('UNKNOWN_HOST', { host: name, known: brokerNames(context) });
}
