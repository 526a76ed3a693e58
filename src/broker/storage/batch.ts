/**
 * What gathers while the disk is busy, and goes to it in one write and one sync.
 *
 * Entries are kept in parallel arrays that are used again, so that staging one makes no object. An entry that is
 * removed while it is here is taken out and never written.
 *
 * In a batch, removals and clears come before entries: whatever of one queue was staged before them has been
 * taken out, so what is left was staged after them.
 */
import type { QueueEntry } from '../core/message.js';
import { entryLength, writeEntry, writeEntryHead } from '../core/message-codec.js';
import type { Confirms } from '../core/queue-port.js';
import { DELIVERED, LENGTH, PAGED } from './position-index.js';
import type { QueueLog } from './queue-log.js';
import type { RecordWriter } from './record-writer.js';
import { RECORD, type Segment, type Segments } from './segments.js';
import type { Settlements } from './settlements.js';

/** Flags of an entry's record. */
export const RECORD_DELIVERED = 1;
export const RECORD_PAGED = 2;

/** Bodies from here on are not copied into the batch but written beside it. */
const BESIDE = 4096;

/** A live entry on its way out of a segment that is compacted. */
export interface Copy {
  queue: QueueLog;
  position: number;
  segment: Segment;
  offset: number;
  payload: Buffer;
  /** Where this batch put it; -1 when it was gone by then. */
  movedTo: number;
}

/** A removal or clear on its way out of a segment that is compacted. */
export interface Passed {
  type: number;
  payload: Buffer;
  /** The record that names its queue. */
  name: Buffer | undefined;
}

export interface Waiter {
  resolve(): void;
  reject(error: Error): void;
}

export class Batch {
  readonly entries: (QueueEntry | null)[] = [];
  readonly owners: (QueueLog | null)[] = [];
  readonly confirms: (Confirms | null)[] = [];
  readonly sequences: number[] = [];
  count = 0;
  /** Entries taken out again. */
  unstaged = 0;
  bytes = 0;
  settlements: Settlements[] = [];
  copies: Copy[] = [];
  passed: Passed[] = [];
  waiters: Waiter[] = [];
  /** Somebody waits for it. */
  urgent = false;
  /** Something in it must be on the disk. */
  mustSync = false;

  /** Nothing in it goes to the disk. */
  get hollow(): boolean {
    return (
      this.count === this.unstaged &&
      this.settlements.length === 0 &&
      this.copies.length === 0 &&
      this.passed.length === 0
    );
  }

  /** Answers its place. */
  stage(entry: QueueEntry, owner: QueueLog, confirms: Confirms | null, sequence: number): number {
    const place = this.count++;
    this.entries[place] = entry;
    this.owners[place] = owner;
    this.confirms[place] = confirms;
    this.sequences[place] = sequence;
    this.bytes += entry.message.body.length + 128;
    return place;
  }

  unstage(place: number): void {
    this.unstaged++;
    this.bytes -= (this.entries[place] as QueueEntry).message.body.length + 128;
    const confirms = this.confirms[place] as Confirms | null;
    this.entries[place] = null;
    this.owners[place] = null;
    this.confirms[place] = null;
    confirms?.release(this.sequences[place] as number);
  }

  reset(): void {
    this.entries.fill(null, 0, this.count);
    this.owners.fill(null, 0, this.count);
    this.confirms.fill(null, 0, this.count);
    this.count = 0;
    this.unstaged = 0;
    this.bytes = 0;
    this.settlements = [];
    this.copies = [];
    this.passed = [];
    this.waiters = [];
    this.urgent = false;
    this.mustSync = false;
  }

  /** Turns everything into records of `segment`, and tells the indexes where their entries are now. */
  encode(writer: RecordWriter, segment: Segment, segments: Segments): void {
    for (const settlements of this.settlements) encodeSettlements(settlements, writer, segment, segments);
    for (const passed of this.passed) this.#encodePassed(passed, writer, segment, segments);
    const base = segment.size;
    for (let place = 0; place < this.count; place++) {
      const entry = this.entries[place] as QueueEntry | null;
      if (entry === null) continue;
      const queue = this.owners[place] as QueueLog;
      nameQueue(queue, writer, segment);
      queue.index.find(entry.position);
      const flags = (queue.index.words[queue.index.at + 2] as number) & (DELIVERED | PAGED);
      const offset = base + writer.total;
      const whole = encodeEntry(entry, queue.number, writer, recordFlags(flags));
      locate(
        queue,
        entry.position,
        segment,
        offset,
        whole,
        flags,
        queue.index.words[queue.index.at + 3] as number,
      );
    }
    for (const copy of this.copies) encodeCopy(copy, writer, segment, base);
  }

  #encodePassed(passed: Passed, writer: RecordWriter, segment: Segment, segments: Segments): void {
    const target = passed.payload.readUInt32BE(4);
    if (passed.type === RECORD.cleared) {
      if (segments.oldest() > target) return;
      segment.clears.add(target);
    } else {
      if (!segments.all.has(target)) return;
      segment.targets.add(target);
    }
    const number = passed.payload.readUInt32BE(0);
    if (passed.name !== undefined && !segment.named.has(number)) {
      segment.named.add(number);
      writer.add(RECORD.queue, 0, passed.name);
    }
    writer.add(passed.type, 0, passed.payload);
  }
}

function encodeEntry(entry: QueueEntry, queue: number, writer: RecordWriter, flags: number): number {
  const { body } = entry.message;
  const length = 4 + entryLength(entry);
  const beside = body.length >= BESIDE ? body.length : 0;
  const at = writer.begin(length - beside);
  writer.bytes.writeUInt32BE(queue, at);
  if (beside === 0) {
    writeEntry(entry, writer.bytes, at + 4);
    return writer.end(length, RECORD.entry, flags);
  }
  writeEntryHead(entry, writer.bytes, at + 4);
  return writer.endWithTail(length - beside, body, RECORD.entry, flags);
}

function locate(
  queue: QueueLog,
  position: number,
  segment: Segment,
  offset: number,
  length: number,
  flags: number,
  body: number,
): void {
  queue.index.put(position, segment.id, offset, (length | flags) >>> 0, body);
  segment.live++;
  segment.liveBytes += length;
}

function recordFlags(flags: number): number {
  return ((flags & DELIVERED) !== 0 ? RECORD_DELIVERED : 0) | ((flags & PAGED) !== 0 ? RECORD_PAGED : 0);
}

function encodeCopy(copy: Copy, writer: RecordWriter, segment: Segment, base: number): void {
  const { index } = copy.queue;
  copy.movedTo = -1;
  if (!index.find(copy.position)) return;
  if (index.words[index.at] !== copy.segment.id || index.words[index.at + 1] !== copy.offset) return;
  const word = index.words[index.at + 2] as number;
  const body = index.words[index.at + 3] as number;
  nameQueue(copy.queue, writer, segment);
  const offset = base + writer.total;
  copy.movedTo = offset;
  const flags = word & (DELIVERED | PAGED);
  // A queue that was dropped and made again has had another number before.
  copy.payload.writeUInt32BE(copy.queue.number, 0);
  const length = writer.add(RECORD.entry, recordFlags(flags), copy.payload);
  copy.segment.live--;
  copy.segment.liveBytes -= word & LENGTH;
  locate(copy.queue, copy.position, segment, offset, length, flags, body);
}

function nameQueue(queue: QueueLog, writer: RecordWriter, segment: Segment): void {
  if (segment.named.has(queue.number)) return;
  segment.named.add(queue.number);
  const id = Buffer.from(queue.id);
  const payload = Buffer.allocUnsafe(4 + id.length);
  payload.writeUInt32BE(queue.number, 0);
  id.copy(payload, 4);
  writer.add(RECORD.queue, 0, payload);
}

function encodeSettlements(
  settlements: Settlements,
  writer: RecordWriter,
  segment: Segment,
  segments: Segments,
): void {
  const { queue } = settlements;
  // A removal from a segment that is gone has nothing to remove.
  const removed = settlements.removed.encode(queue.number).filter((run) => segments.all.has(run.segment));
  const delivered = settlements.delivered.encode(queue.number);
  // The entries meant may stand under another number that the queue has had.
  if (settlements.cleared || removed.length > 0) nameQueue(queue, writer, segment);
  if (settlements.cleared) {
    const payload = Buffer.allocUnsafe(8);
    payload.writeUInt32BE(queue.number, 0);
    payload.writeUInt32BE(segment.id, 4);
    writer.add(RECORD.cleared, 0, payload);
    segment.clears.add(segment.id);
  }
  for (const run of removed) {
    writer.add(RECORD.removed, 0, run.payload);
    segment.targets.add(run.segment);
  }
  for (const run of delivered) writer.add(RECORD.delivered, 0, run.payload);
}
