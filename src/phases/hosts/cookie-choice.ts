import { type Broker, brokersOf, type HostsContext } from './context.js';
import { dataOf, runs } from './node-state.js';

/** The cookie that all nodes are to have, by its hash: whose it is now, if any host has one. */
export interface WantedCookie {
  readonly sha256?: string | undefined;
  /** The host that has it, `file` when the cluster file refers to it, `new` when it is to be made. */
  readonly from: string;
}

/**
 * The cluster file's cookie; without one, what most of the nodes share that have
 * been started, and in doubt the earlier node's: changing it there would cost
 * more. The one that a package made, and no node has used, is no better than a
 * new one, and shorter.
 */
export function wantedCookie(context: HostsContext): WantedCookie {
  const { given } = context.cookie;
  if (given) return { sha256: given.sha256, from: given.from ?? 'file' };
  const holders = brokersOf(context).flatMap((broker) => {
    const cookie = context.facts.get(broker.name)?.cookie;
    const weight = cookie ? weightOf(context, broker) : 0;
    return weight > 0 ? [{ broker, sha256: cookie!.sha256, weight }] : [];
  });
  const weights = new Map<string, number>();
  for (const { sha256, weight } of holders) weights.set(sha256, (weights.get(sha256) ?? 0) + weight);
  const heaviest = Math.max(...weights.values());
  const chosen = holders.find(({ sha256 }) => weights.get(sha256) === heaviest);
  return chosen ? { sha256: chosen.sha256, from: chosen.broker.name } : { from: 'new' };
}

function weightOf(context: HostsContext, broker: Broker): number {
  const facts = context.facts.get(broker.name)!;
  if (runs(facts)) return 1_000;
  return dataOf(facts, broker.nodeName) ? 10 : 0;
}
