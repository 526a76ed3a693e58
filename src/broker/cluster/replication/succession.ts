/**
 * How a node becomes the coordinator in place of one that went. It asks every running node that it can reach for
 * the promise to follow a new epoch; from then on none of them takes anything from the old coordinator, so what
 * each has stays as it is. The one that has most has everything that was ever answered (an answer needs all
 * nodes); the newcomer takes from it what it lacks itself. What was ordered but reached nobody is lost with the
 * old coordinator; it had not been answered.
 *
 * Nodes out of sight are asked like the others: this one may be the one that was away (its process stood still, say),
 * and they may have gone on without it. Who does not count as running with one of them is expelled. Two nodes that
 * ask at the same time refuse each other; both ask again with newer epochs, a moment later by chance, until one of
 * them has promised itself to the other.
 */

import type { Clock } from '../../core/ports.js';
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

/** A node in one of its lives. */
export interface Life {
  name: string;
  incarnation: string;
}

interface Reached extends Life {
  link: Link;
  sequence: number;
}

/** `expelled`: the others went on without this node; `superseded`: it has promised itself to another meanwhile. */
export type Succession = { epoch: number; followers: Reached[] } | 'expelled' | 'superseded';

/** Milliseconds, times a number between 0 and 1. */
const pauseBetweenBids = 100;

export async function succeed(
  links: Links,
  replica: Replica,
  others: readonly Life[],
  clock: Clock,
): Promise<Succession> {
  for (;;) {
    const epoch = replica.epoch + 1;
    replica.epoch = epoch;
    const candidacy = { epoch, incarnation: links.incarnation, sequence: replica.sequence };
    const asked = await Promise.all(others.map((life) => askForVote(links, life, candidacy)));
    if (asked.some((answer) => answer?.vote.expelled)) return 'expelled';
    if (replica.epoch > epoch) return 'superseded';
    if (asked.some((answer) => answer?.vote.accepted === false)) {
      replica.epoch = Math.max(epoch, ...asked.map((answer) => answer?.vote.epoch ?? 0));
      await new Promise<void>((resolve) => clock.after(Math.random() * pauseBetweenBids, resolve));
      continue;
    }
    const followers = asked.flatMap((answer) => (answer === null ? [] : [answer.reached]));
    const most = followers.reduce<Reached | null>(
      (best, reached) => (reached.sequence > (best?.sequence ?? replica.sequence) ? reached : best),
      null,
    );
    if (most === null || (await catchUp(replica, most))) return { epoch, followers };
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

/**
 * Null when it cannot be reached in this life any more. A link that ends under the question says nothing: it may have
 * been the last of those that the far side has given up already.
 */
export async function askForVote(
  links: Links,
  { name, incarnation }: Life,
  candidacy: Candidacy,
): Promise<{ vote: Vote; reached: Reached } | null> {
  for (;;) {
    const link = await links.to(name).catch(() => null);
    if (link === null || link.far.incarnation !== incarnation) return null;
    try {
      const vote = (await link.call('metadata.vote', candidacy)) as Vote;
      return { vote, reached: { name, incarnation, link, sequence: vote.sequence } };
    } catch {
      if (!link.closed) return null;
    }
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
