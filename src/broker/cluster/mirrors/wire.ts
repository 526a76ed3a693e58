/**
 * Frames from the leader of a queue to a mirror, on the leader's link:
 *
 *   mirrorBegin      serialized Begin: from here on the mirror follows, whatever it followed before
 *   mirrorEntry      u32 handle · f64 number · entry     the mirror keeps it
 *   mirrorDelivered, mirrorRemove   u32 handle · f64 position
 *   mirrorRemoveAll  u32 handle
 *   mirrorSynced     u32 handle · f64 number             all it lacked has been sent
 *
 * and back:
 *
 *   mirrorMissing    serialized Missing: what the leader holds and the mirror does not
 *   mirrorSafe       u32 handle · f64 number             everything up to this number is safe here
 *
 * Numbers grow by one with every entry and every mirrorSynced of a queue, whoever waits for them.
 */
import type { QueueEntry } from '../../core/message.js';
import { decodeEntry, entryLength, writeEntry } from '../../core/message-codec.js';
import { type FrameType, frameTypes } from '../link/frame.js';
import type { Link } from '../link/link.js';
import { own, type QueueAddress } from '../queues/wire.js';
import type { Ranges } from './ranges.js';

export interface Begin {
  handle: number;
  queue: QueueAddress;
  durable: boolean;
  /** Sequence of the leader's metadata: what a former leader still sends is older. */
  session: number;
  /** Positions that the leader holds. */
  holds: Ranges;
}

export interface Missing {
  handle: number;
  session: number;
  missing: Ranges;
}

export function writeEntryFrame(link: Link, handle: number, number: number, entry: QueueEntry): void {
  const at = link.outbox.reserve(frameTypes.mirrorEntry, 12 + entryLength(entry));
  const { block } = link.outbox;
  block.writeUInt32BE(handle, at);
  block.writeDoubleBE(number, at + 4);
  writeEntry(entry, block, at + 12);
}

export function readEntryFrame(payload: Buffer): { handle: number; number: number; entry: QueueEntry } {
  const bytes = own(payload);
  const { entry } = decodeEntry(bytes, 12);
  return { handle: bytes.readUInt32BE(0), number: bytes.readDoubleBE(4), entry };
}

/** A handle, and a position or number. */
export function writeNumber(link: Link, type: FrameType, handle: number, number: number): void {
  const at = link.outbox.reserve(type, 12);
  link.outbox.block.writeUInt32BE(handle, at);
  link.outbox.block.writeDoubleBE(number, at + 4);
}
