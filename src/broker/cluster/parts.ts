/**
 * A cluster in two parts: nodes of each did not answer the other for too long, and both went on. Once they see each
 * other again, the part of fewer nodes gives way; of two equal ones that whose metadata is older.
 */
import type { Status } from './boot.js';
import type { Links } from './links.js';

/** A node that runs without this one, in the greater part; null when there is none. */
export async function nodeOfGreaterPart(
  links: Links,
  ours: Status,
  down: readonly string[],
): Promise<string | null> {
  for (const node of down) {
    const asked = links.call(node, 'cluster.status', null).catch(() => null);
    const theirs = (await asked) as Status | null;
    if (theirs?.phase !== 'running' || theirs.running.includes(links.self)) continue;
    const greater = theirs.running.length - ours.running.length || theirs.sequence - ours.sequence;
    if (greater > 0 || (greater === 0 && node < links.self)) return node;
  }
  return null;
}
