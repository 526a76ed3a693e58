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

/** Type, channel and size; answers with the offset of the payload. */
function frameHead(bytes: Buffer, at: number, type: number, channel: number, size: number): number {
  bytes[at] = type;
  bytes[at + 1] = channel >>> 8;
  bytes[at + 2] = channel;
  bytes[at + 3] = size >>> 24;
  bytes[at + 4] = size >>> 16;
  bytes[at + 5] = size >>> 8;
  bytes[at + 6] = size;
  return at + frameHeaderSize;
}

function writeHeader(output: Output, channel: number, message: Message): void {
  const { properties, body } = message;
  const size = contentHeaderSize + properties.length;
  output.reserve(size + emptyFrameSize);
  const { buffer } = output;
  let at = frameHead(buffer, output.position, frameType.header, channel, size);
  buffer[at] = 0;
  buffer[at + 1] = basicClass;
  buffer.fill(0, at + 2, at + 8);
  buffer.writeUInt32BE(body.length, at + 8);
  at += contentHeaderSize;
  properties.copy(buffer, at);
  at += properties.length;
  buffer[at] = frameEnd;
  output.position = at + 1;
}
