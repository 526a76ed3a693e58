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

export class Mirrors {
  readonly #self: string;
  readonly #tables: Tables;
  readonly #store: MessageStore;
  readonly #byId = new Map<string, Mirror>();
  /** Ids by the key of the row: a queue that is declared again has another id. */
  readonly #ids = new Map<string, Set<string>>();
  /** By the leader's handle, for each link. */
  readonly #byLink = new WeakMap<Link, Map<number, Mirror>>();

  constructor(self: string, tables: Tables, store: MessageStore) {
    this.#self = self;
    this.#tables = tables;
    this.#store = store;
    tables.onChange((changes) => {
      for (const { table, key } of changes) if (table === 'queues') this.#tidy(key);
    });
  }

  takeOver(row: QueueRow): QueueEntry[] | null {
    const mirror = this.#byId.get(row.id);
    if (mirror === undefined) return null;
    this.#forget(keys.queue(row.vhost, row.name), row.id);
    return mirror.takeOver();
  }

  onBegin(payload: Buffer, link: Link): void {
    const begin = deserialize(payload) as Begin;
    const { vhost, name, id } = begin.queue;
    const row = this.#tables.get('queues', keys.queue(vhost, name));
    // Nothing must overwrite what this node leads: an outdated leader does not know yet.
    if (row?.id === id && row.leader === this.#self) return;
    const mirror = this.#byId.get(id) ?? new Mirror(this.#store.queue(id));
    const missing = mirror.begin(begin, link);
    if (missing === null) return;
    this.#byId.set(id, mirror);
    const key = keys.queue(vhost, name);
    const ids = this.#ids.get(key) ?? new Set();
    this.#ids.set(key, ids.add(id));
    const handles = this.#byLink.get(link) ?? new Map<number, Mirror>();
    this.#byLink.set(link, handles.set(begin.handle, mirror));
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
  #tidy(key: string): void {
    for (const id of this.#ids.get(key) ?? []) {
      const current = this.#tables.get('queues', key);
      const mine = current?.id === id;
      if (mine && (current.leader === this.#self || current.mirrors.includes(this.#self))) continue;
      const mirror = this.#byId.get(id);
      this.#forget(key, id);
      // Its leader is down and this node may be its heir: what is on disk stays.
      if (mine && current.recoverableMirrors.includes(this.#self)) continue;
      mirror?.drop();
    }
  }

  #forget(key: string, id: string): void {
    this.#byId.delete(id);
    const ids = this.#ids.get(key);
    ids?.delete(id);
    if (ids?.size === 0) this.#ids.delete(key);
  }
}
