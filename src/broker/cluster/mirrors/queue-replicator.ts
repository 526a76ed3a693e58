/**
 * Copies what happens in a queue that this node leads to its mirrors. A publish is confirmed when every mirror
 * has it safe. A mirror whose link ends still counts until the metadata, on all running nodes, no longer names
 * it: only then can nobody promote it, so only then may a message that it does not have be confirmed.
 */
import type { QueueEntry } from '../../core/message.js';
import type { QueueRow } from '../../core/metadata/rows.js';
import type { QueueContents, Replicator } from '../../core/ports.js';
import type { Confirms } from '../../core/queue-port.js';
import { frameTypes } from '../link/frame.js';
import type { Link } from '../link/link.js';
import { MirrorState } from './mirror-state.js';
import { PendingConfirms } from './pending-confirms.js';
import type { Ranges } from './ranges.js';
import type { Replicators } from './replicators.js';
import { type Begin, writeNumber } from './wire.js';

export class QueueReplicator implements Replicator {
  readonly handle: number;
  readonly #shared: Replicators;
  readonly #mirrors = new Map<string, MirrorState>();
  readonly #pending = new PendingConfirms();
  #row: QueueRow;
  #contents: QueueContents | null = null;
  #lastNumber = 0;
  #beginning = false;
  #over = false;

  constructor(row: QueueRow, shared: Replicators) {
    this.#row = row;
    this.#shared = shared;
    this.handle = shared.register(this);
  }

  publish(entry: QueueEntry, confirms: Confirms | null, sequence: number): void {
    this.#begin();
    const number = this.nextNumber();
    for (const mirror of this.#mirrors.values()) mirror.publish(number, entry);
    if (confirms === null) return;
    for (const mirror of this.#mirrors.values()) {
      if (!mirror.holdsBack(number)) continue;
      confirms.hold(sequence);
      this.#pending.add(number, confirms, sequence);
      return;
    }
  }

  delivered(position: number): void {
    for (const { link } of this.#mirrors.values()) {
      if (link !== null) writeNumber(link, frameTypes.mirrorDelivered, this.handle, position);
    }
  }

  /** A mirror gives everything that was ever delivered as redelivered: nothing to say. */
  requeued(): void {}

  remove(position: number): void {
    for (const mirror of this.#mirrors.values()) mirror.removed(position);
  }

  removeAll(): void {
    for (const mirror of this.#mirrors.values()) mirror.removedAll();
  }

  /** Called when mirrors came or went; with the same mirrors as before, when the content was put in anew. */
  mirrors(row: QueueRow, contents: QueueContents): void {
    const again = this.#row !== row || this.#mirrors.size === 0 ? null : [...this.#mirrors.values()];
    this.#row = row;
    this.#contents = contents;
    for (const node of [...this.#mirrors.keys()]) if (!row.mirrors.includes(node)) this.#mirrors.delete(node);
    for (const node of row.mirrors) {
      if (this.#mirrors.has(node)) continue;
      this.#mirrors.set(node, new MirrorState(node, this, row.syncedMirrors.includes(node)));
    }
    for (const mirror of again ?? []) mirror.lost();
    // The content may be about to be put in, in this same turn.
    if (!this.#beginning) queueMicrotask(() => this.#begin());
    this.#beginning = true;
    this.#release();
  }

  close(): void {
    this.#over = true;
    this.#shared.unregister(this);
    this.#mirrors.clear();
    if (this.#shared.exists(this.#row)) this.#pending.refuseAll();
    else this.#pending.release(Number.POSITIVE_INFINITY);
  }

  // For the mirrors.

  nextNumber(): number {
    this.#lastNumber++;
    return this.#lastNumber;
  }

  read(positions: readonly number[]): Promise<QueueEntry[]> {
    return this.#contents?.read(positions) ?? Promise.resolve([]);
  }

  synced(mirror: MirrorState): void {
    this.#release();
    if (mirror.counted) return;
    mirror.counted = true;
    this.#shared.reportSynced(this.#row, mirror.node);
  }

  answered(link: Link, missing: Ranges): void {
    this.#by(link)?.answered(missing, this.#shared.syncsByItself(this.#row));
  }

  safe(link: Link, number: number): void {
    this.#by(link)?.safeUpTo(number);
    this.#release();
  }

  /** sync_queue. */
  syncAll(): void {
    for (const mirror of this.#mirrors.values()) mirror.sync();
  }

  get row(): QueueRow {
    return this.#row;
  }

  /** Links came or went: begin with those that have none. */
  look(): void {
    for (const mirror of this.#mirrors.values()) if (mirror.link?.closed) mirror.lost();
    this.#beginning = true;
    this.#begin();
  }

  #begin(): void {
    if (!this.#beginning || this.#over) return;
    this.#beginning = false;
    let holds: Ranges | null = null;
    for (const mirror of this.#mirrors.values()) {
      if (mirror.link !== null) continue;
      const link = this.#shared.linkTo(mirror.node);
      if (link === null) continue;
      holds ??= this.#contents?.ranges() ?? [];
      mirror.begin(link, this.#lastNumber);
      const { vhost, name, id, durable } = this.#row;
      const queue = { vhost, name, id };
      const begin: Begin = { handle: this.handle, queue, durable, session: this.#shared.session, holds };
      link.send(frameTypes.mirrorBegin, begin);
    }
  }

  #by(link: Link): MirrorState | undefined {
    const mirror = this.#mirrors.get(link.far.name);
    return mirror?.link === link ? mirror : undefined;
  }

  #release(): void {
    let number = this.#lastNumber;
    for (const mirror of this.#mirrors.values()) {
      if (mirror.counted && !mirror.inSync) return;
      if (mirror.link !== null) number = Math.min(number, mirror.safe);
      else if (mirror.counted) return;
    }
    this.#pending.release(number);
  }
}
