/**
 * Frames about queues led elsewhere. From the node where the client is, on its link to the leader:
 *
 *   open      u32 handle · QueueAddress as JSON               before anything else about a queue
 *   publish   u32 handle · f64 number (0: nobody waits) · message
 *   settle    u8 kind · u32 consumer · f64 position
 *   credit    u32 consumer · u32 how many more may be delivered
 *
 * and back on the same link:
 *
 *   deliver   u32 consumer · f64 position · u8 redelivered · message
 *   confirmed / nacked   u32 handle · (f64 first · f64 last) …   publish numbers
 *   cancelled u32 consumer
 *
 * Handles and consumer numbers are the client side's, unique on it. Big-endian.
 */
import type { Message } from '../../core/message.js';
import { decodeMessage, messageLength, writeMessage } from '../../core/message-codec.js';
import type { ChannelIdentity } from '../../core/queue-port.js';
import type { FieldTable } from '../../protocol/field-table.js';
import { frameTypes } from '../link/frame.js';
import type { Link } from '../link/link.js';

export interface QueueAddress {
  vhost: string;
  name: string;
  /** QueueRow.id */
  id: string;
}

/** A subscription, or a getter, as the leader gets to know it. */
export interface ConsumerCard {
  number: number;
  tag: string;
  noAck: boolean;
  exclusive: boolean;
  priority: number;
  prefetch: number;
  arguments: FieldTable;
  channel: ChannelIdentity;
}

export interface ConsumeCall {
  queue: QueueAddress;
  consumer: ConsumerCard;
  credit: number;
}

const settlements = { acknowledge: 0, requeue: 1, reject: 2 } as const;
export type Settlement = keyof typeof settlements;
export const settlementNames = Object.keys(settlements) as Settlement[];

/** A frame's payload is part of a chunk read from the socket: small ones are copied, so as not to keep all of it. */
const copied = 16 * 1024;
export const own = (payload: Buffer): Buffer => (payload.length < copied ? Buffer.from(payload) : payload);

export function writePublish(link: Link, handle: number, number: number, message: Message): void {
  const at = link.outbox.reserve(frameTypes.publish, 12 + messageLength(message));
  const { block } = link.outbox;
  block.writeUInt32BE(handle, at);
  block.writeDoubleBE(number, at + 4);
  writeMessage(message, block, at + 12);
}

export function readPublish(payload: Buffer): { handle: number; number: number; message: Message } {
  const bytes = own(payload);
  const { message } = decodeMessage(bytes, 12);
  return { handle: bytes.readUInt32BE(0), number: bytes.readDoubleBE(4), message };
}

export function writeDelivery(
  link: Link,
  consumer: number,
  position: number,
  redelivered: boolean,
  message: Message,
): void {
  const at = link.outbox.reserve(frameTypes.deliver, 13 + messageLength(message));
  const { block } = link.outbox;
  block.writeUInt32BE(consumer, at);
  block.writeDoubleBE(position, at + 4);
  block[at + 12] = redelivered ? 1 : 0;
  writeMessage(message, block, at + 13);
}

export function readDelivery(payload: Buffer) {
  const bytes = own(payload);
  return {
    consumer: bytes.readUInt32BE(0),
    position: bytes.readDoubleBE(4),
    redelivered: bytes[12] === 1,
    message: decodeMessage(bytes, 13).message,
  };
}

export function writeSettlement(link: Link, kind: Settlement, consumer: number, position: number): void {
  const at = link.outbox.reserve(frameTypes.settle, 13);
  const { block } = link.outbox;
  block[at] = settlements[kind];
  block.writeUInt32BE(consumer, at + 1);
  block.writeDoubleBE(position, at + 5);
}

export function writeCredit(link: Link, consumer: number, more: number): void {
  const at = link.outbox.reserve(frameTypes.credit, 8);
  link.outbox.block.writeUInt32BE(consumer, at);
  link.outbox.block.writeUInt32BE(more, at + 4);
}

/** Sorts `numbers`, and sends them as ranges. */
export function writeOutcome(link: Link, refused: boolean, handle: number, numbers: number[]): void {
  numbers.sort((a, b) => a - b);
  const ranges: number[] = [];
  for (const number of numbers) {
    if (ranges.length > 0 && ranges[ranges.length - 1] === number - 1) ranges[ranges.length - 1] = number;
    else ranges.push(number, number);
  }
  const type = refused ? frameTypes.nacked : frameTypes.confirmed;
  let at = link.outbox.reserve(type, 4 + ranges.length * 8);
  at = link.outbox.block.writeUInt32BE(handle, at);
  for (const bound of ranges) at = link.outbox.block.writeDoubleBE(bound, at);
}

export function readOutcome(payload: Buffer, each: (number: number) => void): void {
  for (let at = 4; at < payload.length; at += 16) {
    const last = payload.readDoubleBE(at + 8);
    for (let number = payload.readDoubleBE(at); number <= last; number++) each(number);
  }
}
