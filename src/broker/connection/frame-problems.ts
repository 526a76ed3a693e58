/** Refusals of single frames, in RabbitMQ's words, which are Erlang terms. */
import { AmqpError } from '../protocol/amqp-error.js';
import { emptyFrameSize, frameType } from '../protocol/frame.js';

/** A frame that is not one (unknown type, too short) or that does not belong here. */
export function frameProblem(type: number, bytes: Buffer, start: number, end: number): AmqpError {
  const text = `type ${type}, ${snippet(bytes, start, end)}`;
  if (isFrame(type, end - start)) return new AmqpError('UNEXPECTED_FRAME', text);
  return new AmqpError('FRAME_ERROR', `${text}: unknown_frame`);
}

export function frameTooLarge(type: number, size: number, frameMax: number): AmqpError {
  const limit = frameMax - emptyFrameSize;
  return new AmqpError('FRAME_ERROR', `type ${type}, all octets = <<>>: {frame_too_large,${size},${limit}}`);
}

export function wrongFrameEnd(
  type: number,
  bytes: Buffer,
  start: number,
  end: number,
  octet: number,
): AmqpError {
  const text = `type ${type}, ${snippet(bytes, start, end)}: {invalid_frame_end_marker,${octet}}`;
  return new AmqpError('FRAME_ERROR', text);
}

/** Reply texts are short strings: RabbitMQ cuts them at 252 octets and adds an ellipsis. */
export function cutText(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= 255) return text;
  let end = 252;
  while ((bytes[end]! & 0xc0) === 0x80) end--;
  return `${bytes.toString('utf8', 0, end)}...`;
}

/** RabbitMQ blames no method for a short string that is not UTF-8. */
export function isMalformedUtf8(error: AmqpError): boolean {
  return error.message === 'Malformed UTF-8 in shortstr';
}

function isFrame(type: number, size: number): boolean {
  if (type === frameType.method) return size >= 4;
  if (type === frameType.header) return size >= 12;
  return type === frameType.body || (type === frameType.heartbeat && size === 0);
}

function snippet(bytes: Buffer, start: number, end: number): string {
  const cut = end - start > 16;
  const shown = erlangBinary(bytes.subarray(start, cut ? start + 16 : end));
  return `${cut ? 'first 16' : 'all'} octets = ${shown}`;
}

function erlangBinary(bytes: Buffer): string {
  const printable = bytes.length > 0 && bytes.every((octet) => octet >= 0x20 && octet < 0x7f);
  return printable ? `<<${JSON.stringify(bytes.toString('latin1'))}>>` : `<<${[...bytes].join(',')}>>`;
}
