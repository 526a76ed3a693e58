import type { Definitions } from '../objects/definitions.js';
import { type Broker, brokersOf, type HostsContext } from './context.js';
import { dataOf } from './node-state.js';

/**
 * Who is a member and who has to become one. The cluster is the largest group
 * of our nodes that know each other, by what running nodes say and by what
 * stopped ones have written down; among equals the group that holds something,
 * then the one that runs, then the one of the earlier node. Whoever is outside of it joins: a blank host
 * by itself at its first start, a node that has been alone by being reset.
 */
export interface Membership {
  readonly members: readonly Broker[];
  /** Never started, so they find the cluster by peer discovery. */
  readonly blank: readonly Broker[];
  /** Have data of their own, which a join deletes. */
  readonly apart: readonly { readonly broker: Broker; readonly holds: readonly string[] }[];
}

export function membershipOf(context: HostsContext): Membership {
  const brokers = brokersOf(context).filter(({ name }) => context.facts.has(name));
  const known = new Map(brokers.map((broker) => [broker.name, knownMembers(context, broker)]));
  const started = brokers.filter(({ name }) => known.get(name) !== undefined);
  const seed = [...started].sort((left, right) => rank(right) - rank(left))[0];
  if (!seed) return { members: [], blank: brokers, apart: [] };
  const group = new Set(known.get(seed.name)!);
  const belongs = ({ name, nodeName }: Broker) =>
    nodeName === seed.nodeName || (group.has(nodeName) && known.get(name)!.includes(seed.nodeName));
  return {
    members: started.filter(belongs),
    blank: brokers.filter((broker) => !started.includes(broker)),
    apart: started
      .filter((broker) => !belongs(broker))
      .map((broker) => ({ broker, holds: holdingsOf(context, broker) })),
  };

  function rank(broker: Broker): number {
    const mates = brokers.filter((one) => one.name !== broker.name && areMates(broker, one));
    const holds = holdingsOf(context, broker).length > 0 ? 1 : 0;
    const answers = context.view.nodes.has(broker.name) ? 1 : 0;
    return mates.length * 1_000_000 + holds * 100_000 + answers * 10_000 - brokers.indexOf(broker);
  }

  /** One that the others have forgotten still believes itself theirs; one that is blank believes nothing. */
  function areMates(broker: Broker, other: Broker): boolean {
    const back = known.get(other.name)?.includes(broker.nodeName) ?? true;
    return back && known.get(broker.name)!.includes(other.nodeName);
  }
}

/** The members as the node itself knows them; nothing when it was never started. */
function knownMembers(context: HostsContext, broker: Broker): readonly string[] | undefined {
  const facts = context.facts.get(broker.name)!;
  const view = context.view.nodes.get(broker.name);
  if (view) return view.members;
  const data = dataOf(facts, broker.nodeName);
  if (!data) return undefined;
  return data.members.length > 0 ? data.members : [broker.nodeName];
}

/** What a node holds that the cluster file does not speak of, in words. */
export function holdingsOf(context: HostsContext, broker: Broker): string[] {
  const view = context.view.nodes.get(broker.name);
  const found = view?.found ?? (view ? context.view.found : undefined);
  if (found) return definedOf(context, found.definitions);
  const data = dataOf(context.facts.get(broker.name)!, broker.nodeName);
  return (data?.vhosts ?? []).flatMap(({ name, queues }) => [
    ...(queues > 0 ? [count(queues, 'queue', name)] : []),
    ...(isOurs(context.file.vhosts, name) || name === '/' ? [] : [`vhost ${name}`]),
  ]);
}

function definedOf({ file }: HostsContext, definitions: Definitions): string[] {
  const queues = definitions.queues;
  const vhosts = definitions.vhosts.filter(({ name }) => name !== '/' && !isOurs(file.vhosts, name));
  const users = definitions.users.filter(({ name }) => name !== 'guest' && !isOurs(file.users, name));
  const checkUser = file.front_end?.haproxy.check_user;
  return [
    ...(queues.length > 0 ? [count(queues.length, 'queue')] : []),
    ...vhosts.map(({ name }) => `vhost ${name}`),
    ...users.filter(({ name }) => name !== checkUser).map(({ name }) => `user ${name}`),
  ];
}

/** What is there that the cluster file does not name: somebody else put it there. */
export function strangersIn(context: HostsContext, definitions: Definitions): string[] {
  const { queues: ours } = context.file;
  const queues = definitions.queues.filter(
    ({ name, vhost }) => !ours.some((one) => one.name === name && one.vhost === vhost),
  );
  return definedOf(context, { ...definitions, queues });
}

function isOurs(objects: readonly { readonly name: string }[], name: string): boolean {
  return objects.some((object) => object.name === name);
}

function count(queues: number, what: string, vhost?: string): string {
  return `${queues} ${what}${queues === 1 ? '' : 's'}${vhost === undefined ? '' : ` in vhost ${vhost}`}`;
}
