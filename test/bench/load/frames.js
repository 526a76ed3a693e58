/** AMQP 0-9-1 frames, written once and sent many times. Nothing of the broker's own code is used here. */

const METHOD = 1;
const HEADER = 2;
const BODY = 3;
const END = 0xce;
const NOTHING = Buffer.alloc(0);

export const PROTOCOL = Buffer.from('AMQP\0\0\x09\x01', 'latin1');

function frame(type, channel, payload) {
  const bytes = Buffer.alloc(payload.length + 8);
  bytes[0] = type;
  bytes.writeUInt16BE(channel, 1);
  bytes.writeUInt32BE(payload.length, 3);
  payload.copy(bytes, 7);
  bytes[bytes.length - 1] = END;
  return bytes;
}

/** Parts: numbers are octets, [n, width] are integers, strings are short strings, buffers go as they are. */
export function method(channel, classId, methodId, ...parts) {
  return frame(
    METHOD,
    channel,
    Buffer.concat([integer(classId, 2), integer(methodId, 2), ...parts.map(encode)]),
  );
}

export function publish(
  channel,
  exchange,
  routingKey,
  body,
  { persistent = false, headers = null, frameMax = 131072 } = {},
) {
  const flags = (persistent ? 0x1000 : 0) | (headers === null ? 0 : 0x2000);
  const properties = Buffer.concat([
    integer(flags, 2),
    headers === null ? NOTHING : tableOf(headers),
    persistent ? Buffer.from([2]) : NOTHING,
  ]);
  const header = Buffer.concat([
    integer(60, 2),
    integer(0, 2),
    integer(0, 4),
    integer(body.length, 4),
    properties,
  ]);
  const frames = [method(channel, 60, 40, [0, 2], exchange, routingKey, 0), frame(HEADER, channel, header)];
  for (let at = 0; at < body.length; at += frameMax - 8) {
    frames.push(frame(BODY, channel, body.subarray(at, at + frameMax - 8)));
  }
  return Buffer.concat(frames);
}

/** A field table of strings. */
export function tableOf(fields) {
  const parts = Object.entries(fields).flatMap(([name, text]) => [
    encode(name),
    Buffer.from('S'),
    longString(text),
  ]);
  const bytes = Buffer.concat(parts);
  return Buffer.concat([integer(bytes.length, 4), bytes]);
}

export function longString(text) {
  return Buffer.concat([integer(text.length, 4), Buffer.from(text)]);
}

function encode(part) {
  if (typeof part === 'number') return Buffer.from([part]);
  if (typeof part === 'string') return Buffer.concat([Buffer.from([part.length]), Buffer.from(part)]);
  return Array.isArray(part) ? integer(...part) : part;
}

function integer(value, width) {
  const bytes = Buffer.alloc(width);
  bytes.writeUIntBE(value, 0, width);
  return bytes;
}
