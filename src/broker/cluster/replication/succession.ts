/**
 * How a node becomes the coordinator in place of one that went. It asks every running node that it can reach for
 * the promise to follow a new epoch; from then on none of them takes anything from the old coordinator, so what
 * each has stays as it is. The one that has most has everything that was ever answered (an answer needs all
 * nodes); the newcomer takes from it what it lacks itself. What was ordered but reached nobody is lost with the
 * old coordinator; it had not been answered.
 */

import type { Link } from '../link/link.js';
import type { Links } from '../links.js';
import type { Replica } from './replica.js';
import type { OrderedTransaction, SnapshotFrame } from './transaction.js';

export interface Candidacy {
  epoch: number;
  incarnation: string;
  /** How far the metadata of who asks goes. */
  sequence: number;
}

export interface Vote {
  accepted: boolean;
  /** The node that asks does not count as running. */
  expelled?: boolean;
  epoch: number;
  sequence: number;
}

interface Reached {
  node: string;
  link: Link;
  sequence: number;
}

export interface Succession {
  epoch: number;
  followers: Reached[];
  /** Nodes that did not answer. */
  lost: string[];
  expelled: boolean;
}

export async function succeed(
  links: Links,
  replica: Replica,
  others: readonly string[],
): Promise<Succession> {
  for (;;) {
    const epoch = replica.epoch + 1;
    replica.epoch = epoch;
    const candidacy = { epoch, incarnation: links.incarnation, sequence: replica.sequence };
    const asked = await Promise.all(others.map((node) => ask(links, node, candidacy)));
    if (asked.some((answer) => answer?.vote.expelled))
      return { epoch, followers: [], lost: [], expelled: true };
    const newest = Math.max(...asked.map((answer) => answer?.vote.epoch ?? 0));
    if (newest > epoch || replica.epoch > epoch) {
      replica.epoch = Math.max(newest, replica.epoch);
      continue;
    }
    const followers = asked.flatMap((answer) => (answer?.vote.accepted ? [answer.reached] : []));
    const lost = others.filter((node) => !followers.some((reached) => reached.node === node));
    const most = followers.reduce<Reached | null>(
      (best, reached) => (reached.sequence > (best?.sequence ?? replica.sequence) ? reached : best),
      null,
    );
    if (most !== null && !(await catchUp(replica, most))) continue;
    return { epoch, followers, lost, expelled: false };
  }
}

/** Answers a newcomer's question on the node that is asked. */
export function vote(replica: Replica, epoch: number): Vote {
  const accepted = epoch > replica.epoch;
  if (accepted) replica.epoch = epoch;
  return { accepted, epoch: replica.epoch, sequence: replica.sequence };
}

/** What one node has and another lacks. */
export function missing(replica: Replica, sequence: number): OrderedTransaction[] | SnapshotFrame {
  return replica.since(sequence) ?? replica.snapshot();
}

async function ask(
  links: Links,
  node: string,
  candidacy: Candidacy,
): Promise<{ vote: Vote; reached: Reached } | null> {
  try {
    const link = await links.to(node);
    const answer = (await link.call('metadata.vote', candidacy)) as Vote;
    return { vote: answer, reached: { node, link, sequence: answer.sequence } };
  } catch {
    return null;
  }
}

/** False when the node that has more went, too: all is asked again. */
async function catchUp(replica: Replica, { link }: Reached): Promise<boolean> {
  try {
    const found = (await link.call('metadata.missing', { sequence: replica.sequence })) as
      | OrderedTransaction[]
      | SnapshotFrame;
    if (Array.isArray(found)) for (const transaction of found) void replica.apply(transaction);
    else void replica.replace(found);
    return true;
  } catch {
    return false;
  }
}
