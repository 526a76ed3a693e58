/**
 * One queue, one publisher, one consumer, as fast as it goes, at little cost to whoever shares the machine with
 * the broker: frames are prepared once and many go in one write.
 *
 *   transient-auto      automatic acknowledgement
 *   transient-manual    prefetch 200, each message acknowledged
 *   persistent          durable queue, persistent messages, confirms (a window), prefetch 200, each acknowledged
 *   latency             1,000 messages a second (`perSecond`), automatic acknowledgement: from publish to delivery
 *
 * The publisher stays at most a window ahead of the consumer, so the queue stays short and the rate is what went
 * the whole way.
 */
import { connect } from './connection.js';
import { longString, method, publish } from './frames.js';

const DELIVER = (60 << 16) | 60;
const ACK = (60 << 16) | 80;
const WINDOW = 4000;
const PREFETCH = 200;

export const modes = ['transient-auto', 'transient-manual', 'persistent', 'latency'];

/** Answers messages a second, or for `latency` the median and 99th percentile in milliseconds. */
export async function load({ port, mode, size, seconds = 3, warmUp = 1, perSecond = 1000, ...more }) {
  const { queue = `load-${process.pid}` } = more;
  const publisher = await connect({ port });
  const consumer = await connect({ port });
  const durable = mode === 'persistent';
  const flags = durable ? 2 : 0;
  await consumer.call(method(1, 50, 10, [0, 2], queue, flags, longString('')), 50, 11);
  const run = { publisher, consumer, queue, mode, size, seconds, warmUp, perSecond };
  try {
    if (mode === 'latency') return await latency(run);
    return await throughput(run);
  } finally {
    await consumer.call(method(1, 50, 40, [0, 2], queue, 0), 50, 41).catch(() => {});
    publisher.close();
    consumer.close();
  }
}

async function throughput({ publisher, consumer, queue, mode, size, seconds, warmUp }) {
  const persistent = mode === 'persistent';
  const manual = mode !== 'transient-auto';
  const message = publish(1, '', queue, Buffer.alloc(size, 120), { persistent });
  const perWrite = Math.max(1, Math.min(100, Math.floor(65536 / message.length)));
  const block = Buffer.concat(new Array(perWrite).fill(message));
  let published = 0;
  let confirmed = 0;
  let consumed = 0;
  let stopped = false;
  let full = false;
  const pump = () => {
    while (
      !full &&
      !stopped &&
      published + perWrite - Math.min(consumed, persistent ? confirmed : consumed) <= WINDOW
    ) {
      published += perWrite;
      full = !publisher.write(block);
    }
  };
  publisher.socket.on('drain', () => {
    full = false;
    pump();
  });
  if (persistent) {
    await publisher.call(method(1, 85, 10, 0), 85, 11);
    publisher.onMethod = (id, bytes, at) => {
      if (id !== ACK) return;
      const tag = bytes.readUInt32BE(at + 4);
      confirmed = bytes[at + 8] === 1 ? Math.max(confirmed, tag) : confirmed + 1;
    };
    publisher.socket.on('data', pump);
  }
  const acks = manual ? new Acks(consumer) : null;
  consumer.onMethod = (id, bytes, at) => {
    if (id !== DELIVER) return;
    consumed++;
    acks?.add(bytes, at);
  };
  consumer.socket.on('data', () => {
    acks?.flush();
    pump();
  });
  if (manual) await consumer.call(method(1, 60, 10, [0, 4], [PREFETCH, 2], 0), 60, 11);
  await consumer.call(method(1, 60, 20, [0, 2], queue, 't', manual ? 0 : 2, longString('')), 60, 21);
  pump();
  await pause(warmUp * 1000);
  const before = consumed;
  const start = performance.now();
  await pause(seconds * 1000);
  const rate = ((consumed - before) * 1000) / (performance.now() - start);
  stopped = true;
  return rate;
}

/** One basic.ack for each delivery, those of one read in one write. */
class Acks {
  #bytes = Buffer.concat(new Array(2048).fill(method(1, 60, 80, [0, 4], [0, 4], 0)));
  #count = 0;

  constructor(connection) {
    this.connection = connection;
  }

  add(bytes, at) {
    if (this.#count === 2048) this.flush();
    const tag = at + 1 + bytes[at];
    bytes.copy(this.#bytes, this.#count++ * 21 + 11, tag, tag + 8);
  }

  flush() {
    if (this.#count === 0) return;
    this.connection.write(Buffer.from(this.#bytes.subarray(0, this.#count * 21)));
    this.#count = 0;
  }
}

async function latency({ publisher, consumer, queue, size, seconds, warmUp, perSecond }) {
  const times = [];
  const sent = [];
  let measured = 0;
  consumer.onMethod = (id) => {
    if (id !== DELIVER) return;
    const took = performance.now() - sent[times.length];
    times.push(took);
  };
  await consumer.call(method(1, 60, 20, [0, 2], queue, 't', 2, longString('')), 60, 21);
  const message = publish(1, '', queue, Buffer.alloc(size, 120));
  const start = performance.now();
  const end = start + (warmUp + seconds) * 1000;
  while (performance.now() < end) {
    const due = Math.floor(((performance.now() - start) * perSecond) / 1000);
    while (sent.length < due) {
      sent.push(performance.now());
      publisher.write(message);
    }
    if (performance.now() - start < warmUp * 1000) measured = sent.length;
    // Sleeps rather than spins: the broker may need the processor.
    await pause(1);
  }
  await pause(100);
  const sorted = times.slice(measured).sort((a, b) => a - b);
  const at = (part) => sorted[Math.floor(sorted.length * part)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
