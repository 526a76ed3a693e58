/**
 * A backlog: so many numbered messages into one queue, later all of them out again, with the rates of the first
 * and the last tenth of both ways and what was lost or out of order.
 */
import { connect } from './connection.js';
import { longString, method, publish } from './frames.js';

const DELIVER = (60 << 16) | 60;
const ACK = (60 << 16) | 80;
const WINDOW = 2000;
const PREFETCH = 500;
const PER_WRITE = 50;

/** Persistent and confirmed, unless `transient`. Answers messages a second at the start and at the end. */
export async function fill({
  port,
  queue,
  count,
  size,
  transient = false,
  flags = 2,
  table = longString(''),
}) {
  const connection = await connect({ port });
  await connection.call(method(1, 50, 10, [0, 2], queue, flags, table), 50, 11);
  await connection.call(method(1, 85, 10, 0), 85, 11);
  const message = publish(1, '', queue, Buffer.alloc(size, 120), { persistent: !transient });
  const body = message.length - 1 - size;
  let published = 0;
  let confirmed = 0;
  const times = [];
  await new Promise((resolve) => {
    const pump = () => {
      while (published < count && published - confirmed < WINDOW) {
        const block = Buffer.concat(new Array(Math.min(PER_WRITE, count - published)).fill(message));
        for (let at = body; at < block.length; at += message.length) block.writeDoubleBE(published++, at);
        connection.write(block);
      }
      if (confirmed === count) resolve();
    };
    connection.onMethod = (id, bytes, at) => {
      if (id !== ACK) return;
      const tag = bytes.readUInt32BE(at + 4);
      confirmed = bytes[at + 8] === 1 ? Math.max(confirmed, tag) : confirmed + 1;
    };
    connection.socket.on('data', () => {
      note(times, confirmed, count);
      pump();
    });
    times.push([0, performance.now()]);
    pump();
  });
  connection.close();
  return rates(times, count);
}

/** Reads everything with manual acknowledgement. */
export async function empty({ port, queue, count, automatic = false }) {
  const connection = await connect({ port });
  if (!automatic) await connection.call(method(1, 60, 10, [0, 4], [PREFETCH, 2], 0), 60, 11);
  const times = [[0, performance.now()]];
  let read = 0;
  let disorder = 0;
  let last = -1;
  let tag = null;
  await new Promise((resolve) => {
    connection.onMethod = (id, bytes, at) => {
      if (id === DELIVER) tag = Buffer.from(bytes.subarray(at + 1 + bytes[at], at + 9 + bytes[at]));
    };
    connection.onBody = (bytes, start) => {
      const number = bytes.readDoubleBE(start);
      if (number !== last + 1) disorder++;
      last = number;
      read++;
      if (!automatic && (read % 100 === 0 || read === count)) connection.write(method(1, 60, 80, tag, 1));
    };
    connection.socket.on('data', () => {
      note(times, read, count);
      if (read === count) resolve();
    });
    void connection.call(method(1, 60, 20, [0, 2], queue, 't', automatic ? 2 : 0, longString('')), 60, 21);
  });
  await connection.call(method(1, 50, 10, [0, 2], queue, 1, longString('')), 50, 11);
  connection.close();
  return { ...rates(times, count), read, disorder };
}

/** A point for about each hundredth. */
function note(times, done, count) {
  if (done - times[times.length - 1][0] >= count / 100 || done === count)
    times.push([done, performance.now()]);
}

function rates(times, count) {
  const between = (from, to) => {
    const first = times.find(([done]) => done >= from);
    const last = times.find(([done]) => done >= to) ?? times[times.length - 1];
    return ((last[0] - first[0]) * 1000) / (last[1] - first[1]);
  };
  return { start: between(0, count / 10), end: between(count * 0.9, count), all: between(0, count) };
}
