/**
 * Writes a method with content (basic.deliver, basic.get-ok, basic.return) straight into the output: method
 * frame, content header frame and body frames (AMQP 0-9-1, 4.2.6), the body split by the negotiated frame_max.
 */
import type { Message } from '../core/message.js';
import { emptyFrameSize, frameEnd, frameHeaderSize, frameType } from '../protocol/frame.js';
import type { Output } from './output.js';

const basicClass = 60;
/** Class, weight and body size, before the property flags (4.2.6.1). */
const contentHeaderSize = 12;

export function writeContent(
  output: Output,
  channel: number,
  method: Buffer,
  message: Message,
  frameMax: number,
): void {
  output.write(method);
  writeHeader(output, channel, message);
  const { body } = message;
  const most = frameMax === 0 ? body.length : frameMax - emptyFrameSize;
  for (let start = 0; start < body.length; start += most) {
    const end = Math.min(start + most, body.length);
    output.reserve(frameHeaderSize);
    output.position = frameHead(output.buffer, output.position, frameType.body, channel, end - start);
    output.writeBody(body, start, end);
    output.reserve(1);
    output.buffer[output.position++] = frameEnd;
  }
}

/** All that goes before the body of a message that has one and fits one frame. */
export function contentHead(channel: number, method: Buffer, message: Message): Buffer {
  const header = headerSize(message);
  const bytes = Buffer.allocUnsafe(method.length + header + frameHeaderSize);
  method.copy(bytes);
  putHeader(bytes, method.length, channel, message);
  frameHead(bytes, method.length + header, frameType.body, channel, message.body.length);
  return bytes;
}

export function writeSize(bytes: Buffer, at: number, size: number): void {
  bytes[at] = size >>> 24;
  bytes[at + 1] = size >>> 16;
  bytes[at + 2] = size >>> 8;
  bytes[at + 3] = size;
}

/** Type, channel and size; answers with the offset of the payload. */
function frameHead(bytes: Buffer, at: number, type: number, channel: number, size: number): number {
  bytes[at] = type;
  bytes[at + 1] = channel >>> 8;
  bytes[at + 2] = channel;
  writeSize(bytes, at + 3, size);
  return at + frameHeaderSize;
}

function writeHeader(output: Output, channel: number, message: Message): void {
  output.reserve(headerSize(message));
  output.position = putHeader(output.buffer, output.position, channel, message);
}

/** Of the content header's frame. */
function headerSize({ properties }: Message): number {
  return contentHeaderSize + properties.length + emptyFrameSize;
}

/** Answers with the offset behind the frame. */
function putHeader(bytes: Buffer, from: number, channel: number, { properties, body }: Message): number {
  let at = frameHead(bytes, from, frameType.header, channel, contentHeaderSize + properties.length);
  bytes[at] = 0;
  bytes[at + 1] = basicClass;
  bytes.fill(0, at + 2, at + 8);
  writeSize(bytes, at + 8, body.length);
  at += contentHeaderSize;
  properties.copy(bytes, at);
  at += properties.length;
  bytes[at] = frameEnd;
  return at + 1;
}
