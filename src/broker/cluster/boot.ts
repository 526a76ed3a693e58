/**
 * How a node that starts finds its cluster. It asks the members it knows (or, when blank, the nodes it was
 * configured to form a cluster with) what they are doing, again and again until it is clear:
 *
 * - One runs: follow it. If that one does not count this node as a member, refuse (inconsistent_cluster).
 * - A member that was up when this node last was may have gone on without it, so its copy may be newer: wait for
 *   all of those, as RabbitMQ does, 10 times 30 s. Once they are there and none runs, the newest copy leads.
 *   `rabbitmqctl force_boot` lets it lead at once.
 * - Blank nodes: the first of the configured list leads; nodes before this one in the list get 5 s to appear.
 *
 * Two nodes may come to lead at the same moment. So each says first that it is about to, then looks again: the
 * one of lower rank steps back, the one of higher rank waits until it has. A node's name is registered and its
 * port open before it asks anybody, hence of two nodes at least one sees the other.
 */
import type { Clock, Logger } from '../core/ports.js';
import { ClusterError } from './cluster-port.js';
import type { Links } from './links.js';

/** stopped: no application; blank, waiting: starts, without and with metadata; leading: see above. */
export type Phase = 'stopped' | 'blank' | 'waiting' | 'leading' | 'running';

export interface Status {
  phase: Phase;
  blank: boolean;
  /** Of its metadata; 0 when blank. */
  sequence: number;
  members: string[];
  /** Members that run, as it sees them. */
  running: string[];
}

export interface BootOptions {
  links: Links;
  clock: Clock;
  logger: Logger;
  /** Members in the metadata, without this node; null when it is blank. */
  members: { others: string[]; upWithUs: string[]; sequence: number } | null;
  /** classic_config */
  configured: readonly string[];
  /** force_boot */
  forced: boolean;
  phase(phase: Phase): void;
  stopped(): boolean;
}

const pause = 20;
const formationWait = 5000;
const memberWait = 30_000;
const memberRetries = 10;

type Known = Map<string, Status>;

export class Boot {
  readonly #options: BootOptions;
  readonly #blank: boolean;
  readonly #others: string[];
  #leading = false;

  constructor(options: BootOptions) {
    this.#options = options;
    const { members, configured, links } = options;
    this.#blank = members === null;
    this.#others = members?.others ?? configured.filter((node) => node !== links.self);
  }

  /** The node to follow, or null: this one leads. */
  async find(): Promise<string | null> {
    const { clock, phase, stopped } = this.#options;
    const begun = clock.now();
    let retries = memberRetries;
    phase(this.#blank ? 'blank' : 'waiting');
    for (;;) {
      if (stopped()) throw new ClusterError('stopped', 'stopped while starting');
      const known = await this.#ask();
      const running = this.#running(known);
      if (running !== null) return running;
      const waited = clock.now() - begun;
      if (this.#mayLead(known, waited)) {
        if (this.#leading && ![...known.values()].some((status) => status.phase === 'leading')) return null;
        if (!this.#leading) {
          this.#lead(true);
          continue;
        }
      } else this.#lead(false);
      if (!this.#blank && waited >= (memberRetries - retries + 1) * memberWait) {
        retries--;
        this.#report(known, retries);
      }
      await new Promise<void>((resolve) => clock.after(pause, resolve));
    }
  }

  async #ask(): Promise<Known> {
    const known: Known = new Map();
    await Promise.all(
      this.#others.map(async (node) => {
        try {
          known.set(node, (await this.#options.links.call(node, 'cluster.status', null)) as Status);
        } catch {
          // not there, or not yet
        }
      }),
    );
    return known;
  }

  #running(known: Known): string | null {
    const { self } = this.#options.links;
    for (const [node, status] of known) {
      if (status.phase !== 'running') continue;
      if (!this.#blank && !status.members.includes(self)) throw disagreement(self, node);
      return node;
    }
    return null;
  }

  #mayLead(known: Known, waited: number): boolean {
    const { members } = this.#options;
    for (const [node, status] of known)
      if (status.phase !== 'stopped' && this.#outranks(node, status)) return false;
    if (members !== null) {
      if (this.#options.forced) return true;
      return members.upWithUs.every((node) => {
        const phase = known.get(node)?.phase;
        return phase === 'waiting' || phase === 'leading';
      });
    }
    const before = this.#others.slice(0, this.#place(this.#options.links.self));
    return before.every((node) => known.has(node)) || waited >= formationWait;
  }

  /** Metadata before none, newer before older, then the order of the list, then of names. */
  #outranks(node: string, status: Status): boolean {
    const { members, links } = this.#options;
    if (status.blank !== this.#blank) return this.#blank;
    if (members !== null && status.sequence !== members.sequence) return status.sequence > members.sequence;
    if (members === null) {
      const difference = this.#place(node) - this.#place(links.self);
      if (difference !== 0) return difference < 0;
    }
    return node < links.self;
  }

  #place(node: string): number {
    const { configured } = this.#options;
    const place = configured.indexOf(node);
    return place < 0 ? configured.length : place;
  }

  #lead(leading: boolean): void {
    if (this.#leading === leading) return;
    this.#leading = leading;
    this.#options.phase(leading ? 'leading' : this.#blank ? 'blank' : 'waiting');
  }

  #report(known: Known, retries: number): void {
    const { logger, members } = this.#options;
    const absent = (members?.upWithUs ?? []).filter((node) => !known.has(node)).join(', ');
    if (retries === 0) {
      throw new ClusterError(
        'members_missing',
        `cluster members that were running when this node stopped did not come up: ${absent}. Start the node that was stopped last first, or remove it with forget_cluster_node --offline`,
      );
    }
    logger.warning(`Waiting for cluster members that ran last (${absent})`);
    logger.info(`Waiting for cluster members for ${memberWait} ms, ${retries - 1} retries left`);
  }
}

export const disagreement = (self: string, node: string) =>
  new ClusterError(
    'inconsistent_cluster',
    `Node ${asAtom(self)} thinks it's clustered with node ${asAtom(node)}, but ${asAtom(node)} disagrees`,
  );

/** As Erlang writes an atom. */
const asAtom = (name: string) => (/^[a-z][\w@]*$/.test(name) ? name : `'${name}'`);
