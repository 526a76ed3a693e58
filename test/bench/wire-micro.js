#!/usr/bin/env node
/**
 * The wire alone: messages a second from the octets of a publisher to the octets of a consumer, in one process
 * without sockets, over a queue that only hands on. Run it after a build: `node test/bench/wire-micro.js`.
 * With `--cpu-prof` it says where the time goes.
 */
import { Duplex } from 'node:stream';
import { frameEnd } from '../../dist/runtime/frame.js';
import { AmqpListener } from '../../dist/runtime/listener.js';
import { encodeMethod } from '../../dist/runtime/method-codec.js';

const rounds = 5;
const messages = 300_000;

for (const size of [16, 1024, 16_384]) {
  for (const noAck of [true, false]) {
    const rates = [];
    for (let round = 0; round < rounds; round++) rates.push(await measure(size, noAck));
    const median = rates.sort((a, b) => a - b)[Math.floor(rounds / 2)];
    const how = noAck ? 'automatic ack' : 'manual ack';
    console.log(`${size} B, ${how}: ${Math.round(median).toLocaleString('en')} messages/s`);
  }
}

async function measure(size, noAck) {
  const queue = handOn();
  const listener = new AmqpListener(options(queue));
  const consumer = open(listener);
  const publisher = open(listener);
  consumer.push(encodeMethod(1, 'basic.consume', { queue: 'q', consumerTag: 'c', noAck }));
  await new Promise(setImmediate);
  const chunk = publishes(size);
  const count = size > 10_000 ? messages / 10 : messages;
  const started = process.hrtime.bigint();
  for (let sent = 0; sent < count; sent += chunk.messages) {
    publisher.push(chunk.bytes);
    await new Promise(setImmediate);
    if (!noAck)
      consumer.push(encodeMethod(1, 'basic.ack', { deliveryTag: sent + chunk.messages, multiple: true }));
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (queue.delivered < count) throw new Error(`only ${queue.delivered} of ${count} messages came through`);
  publisher.destroy();
  consumer.destroy();
  return count / seconds;
}

/** A queue with one consumer, which gets everything at once. */
function handOn() {
  const queue = {
    row: { name: 'q', vhost: '/' },
    delivered: 0,
    consumer: null,
    publish(message) {
      queue.consumer.deliver(queue, ++queue.delivered, message, false);
    },
    async consume(consumer) {
      queue.consumer = consumer;
    },
    async cancel() {},
    resume() {},
    acknowledge() {},
    requeue() {},
  };
  return queue;
}

function options(queue) {
  const route = { name: '', checkTopic: null, route: () => [queue] };
  const vhost = {
    name: '/',
    generation: 0,
    tracer: null,
    publishable: () => route,
    readableQueue: () => queue,
  };
  const broker = {
    node: 'bench@localhost',
    connections: new Map(),
    authenticate: () => ({ user: 'guest', tags: [] }),
    openVhost: () => vhost,
    register() {},
    async unregister() {},
  };
  const silent = () => {};
  const limits = { heartbeat: 0, frameMax: 131_072, channelMax: 2047, maxMessageSize: 134_217_728 };
  return {
    broker,
    config: { amqp: { listeners: [] }, handshakeTimeout: 10_000, connectionMax: null, ...limits },
    clock: { now: Date.now, after: () => silent },
    logger: { debug: silent, info: silent, warning: silent, error: silent },
    product: { name: 'Warren', version: '0', compatibleWith: '3.10.8' },
    clusterName: () => 'bench',
  };
}

/** A connection with channel 1 open, whose output goes nowhere. */
function open(listener) {
  const stream = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  listener.serve(stream);
  const response = Buffer.from('\0guest\0guest');
  stream.push(Buffer.from('AMQP\x00\x00\x09\x01', 'latin1'));
  stream.push(encodeMethod(0, 'connection.start-ok', { mechanism: 'PLAIN', response }));
  stream.push(encodeMethod(0, 'connection.tune-ok', { channelMax: 2047, frameMax: 131_072 }));
  stream.push(encodeMethod(0, 'connection.open', { virtualHost: '/' }));
  stream.push(encodeMethod(1, 'channel.open', {}));
  return stream;
}

/** As much of publishes as a socket gives at a time. */
function publishes(size) {
  const header = Buffer.alloc(22);
  header.set([2, 0, 1, 0, 0, 0, 14, 0, 60]);
  header.writeUInt32BE(size, 15);
  header[21] = 0;
  const head = Buffer.alloc(7);
  head.set([3, 0, 1]);
  head.writeUInt32BE(size, 3);
  const end = Buffer.from([frameEnd]);
  const one = Buffer.concat([
    encodeMethod(1, 'basic.publish', { routingKey: 'q' }),
    header.subarray(0, 21),
    end,
    head,
    Buffer.alloc(size, 'x'),
    end,
  ]);
  const count = Math.max(1, Math.floor(65_536 / one.length));
  return { bytes: Buffer.concat(Array(count).fill(one)), messages: count };
}
