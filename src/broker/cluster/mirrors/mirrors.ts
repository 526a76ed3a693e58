/** The queues that this node mirrors. The metadata says which; leaders begin them. */
import { deserialize } from 'node:v8';
import type { QueueEntry } from '../../core/message.js';
import { keys, type QueueRow } from '../../core/metadata/rows.js';
import type { Tables } from '../../core/metadata/tables.js';
import type { MessageStore } from '../../core/ports.js';
import { frameTypes } from '../link/frame.js';
import type { Link } from '../link/link.js';
import { Mirror } from './mirror.js';
import { type Begin, type Missing, readEntryFrame } from './wire.js';

interface Kept {
  row: { vhost: string; name: string; id: string };
  mirror: Mirror;
}

export class Mirrors {
  readonly #self: string;
  readonly #tables: Tables;
  readonly #store: MessageStore;
  readonly #byId = new Map<string, Kept>();
  /** By the leader's handle, for each link. */
  readonly #byLink = new WeakMap<Link, Map<number, Mirror>>();

  constructor(self: string, tables: Tables, store: MessageStore) {
    this.#self = self;
    this.#tables = tables;
    this.#store = store;
    tables.onChange((changes) => {
      for (const { table } of changes) {
        if (table !== 'queues' && table !== 'vhosts') continue;
        this.#tidy();
        return;
      }
    });
  }

  takeOver(row: QueueRow): QueueEntry[] | null {
    const kept = this.#byId.get(row.id);
    if (kept === undefined) return null;
    this.#byId.delete(row.id);
    return kept.mirror.takeOver();
  }

  onBegin(payload: Buffer, link: Link): void {
    const begin = deserialize(payload) as Begin;
    const { vhost, name, id } = begin.queue;
    const row = this.#tables.get('queues', keys.queue(vhost, name));
    // Nothing must overwrite what this node leads: an outdated leader does not know yet.
    if (row?.id === id && row.leader === this.#self) return;
    const kept = this.#byId.get(id) ?? { row: begin.queue, mirror: new Mirror(this.#store.queue(id)) };
    const missing = kept.mirror.begin(begin, link);
    if (missing === null) return;
    this.#byId.set(id, kept);
    const handles = this.#byLink.get(link) ?? new Map<number, Mirror>();
    this.#byLink.set(link, handles.set(begin.handle, kept.mirror));
    const answer: Missing = { handle: begin.handle, session: begin.session, missing };
    link.send(frameTypes.mirrorMissing, answer);
  }

  onEntry(payload: Buffer, link: Link): void {
    const { handle, number, entry } = readEntryFrame(payload);
    this.#follower(link, handle)?.keep(number, entry);
  }

  onDelivered(payload: Buffer, link: Link): void {
    this.#follower(link, payload.readUInt32BE(0))?.delivered(payload.readDoubleBE(4));
  }

  onRemove(payload: Buffer, link: Link): void {
    this.#follower(link, payload.readUInt32BE(0))?.remove(payload.readDoubleBE(4));
  }

  onRemoveAll(payload: Buffer, link: Link): void {
    this.#follower(link, payload.readUInt32BE(0))?.removeAll();
  }

  onSynced(payload: Buffer, link: Link): void {
    this.#follower(link, payload.readUInt32BE(0))?.complete(payload.readDoubleBE(4));
  }

  #follower(link: Link, handle: number): Mirror | null {
    const mirror = this.#byLink.get(link)?.get(handle);
    return mirror?.follows(link, handle) ? mirror : null;
  }

  /** Drops what the metadata no longer wants here. */
  #tidy(): void {
    for (const [id, { row, mirror }] of this.#byId) {
      const current = this.#tables.get('queues', keys.queue(row.vhost, row.name));
      if (current?.id === id) {
        if (current.leader === this.#self || current.mirrors.includes(this.#self)) continue;
        // Its leader is down and this node may be its heir: what is on disk stays.
        if (current.recoverableMirrors.includes(this.#self)) {
          this.#byId.delete(id);
          continue;
        }
      }
      this.#byId.delete(id);
      mirror.drop();
    }
  }
}
