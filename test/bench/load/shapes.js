/**
 * Messages that fan out, meet many consumers, come from many publishers or are matched by their headers. Each
 * shape is made on the broker, run for a while, and taken away again; what counts is deliveries a second.
 */
import { connect } from './connection.js';
import { longString, method, publish, tableOf } from './frames.js';

const NO_ARGUMENTS = longString('');
const DELIVER = (60 << 16) | 60;
const BODY = Buffer.alloc(16, 120);
const AUTO_DELETE = 8;
const NO_ACK = 2;
/** Deliveries that may be on their way. */
const WINDOW = 4000;
const PER_WRITE = 20;

export const shapes = {
  'fan-out to 100 queues': { make: fanOut, each: 100 },
  'one queue, 1,000 consumers': { make: manyConsumers, each: 1 },
  '1,000 publishers': { make: manyPublishers, each: 1 },
  'headers exchange, 100 bindings': { make: headersExchange, each: 1 },
};

/** Deliveries a second, once it has run for `warmUp` seconds. */
export async function shapeRate({ port, shape, seconds = 2, warmUp = 1 }) {
  const { make, each } = shapes[shape];
  const connections = [];
  const open = async () => {
    const connection = await connect({ port });
    connections.push(connection);
    return connection;
  };
  const { publishers, consumers, message } = await make(open, `shape-${process.pid}`);
  const run = { delivered: 0, published: 0, stopped: false };
  const pump = pumpOf(run, publishers, Buffer.concat(new Array(PER_WRITE).fill(message)), each);
  for (const consumer of consumers) {
    consumer.onMethod = (id) => {
      if (id === DELIVER) run.delivered++;
    };
    consumer.socket.on('data', pump);
  }
  pump();
  await pause(warmUp * 1000);
  const before = run.delivered;
  const start = performance.now();
  await pause(seconds * 1000);
  const rate = ((run.delivered - before) * 1000) / (performance.now() - start);
  run.stopped = true;
  await closeAll(connections);
  return rate;
}

/** The publishers take turns. */
function pumpOf(run, publishers, block, each) {
  let turn = 0;
  return () => {
    const most = Math.max(WINDOW, 2 * PER_WRITE * each);
    while (!run.stopped && (run.published + PER_WRITE) * each - run.delivered <= most) {
      run.published += PER_WRITE;
      publishers[turn++ % publishers.length].write(block);
    }
  };
}

async function fanOut(open, name) {
  const [publisher, consumer] = [await open(), await open()];
  await exchange(publisher, name, 'fanout');
  for (let number = 0; number < 100; number++) {
    await queue(consumer, `${name}-${number}`);
    await bind(consumer, `${name}-${number}`, name, '', NO_ARGUMENTS);
    await consume(consumer, `${name}-${number}`, `t${number}`);
  }
  return { publishers: [publisher], consumers: [consumer], message: publish(1, name, '', BODY) };
}

async function manyConsumers(open, name) {
  const publisher = await open();
  const consumers = [];
  await queue(publisher, name);
  for (let number = 0; number < 20; number++) {
    const connection = await open();
    for (let each = 0; each < 50; each++) await consume(connection, name, `t${each}`);
    consumers.push(connection);
  }
  return { publishers: [publisher], consumers, message: publish(1, '', name, BODY) };
}

async function manyPublishers(open, name) {
  const consumer = await open();
  await queue(consumer, name);
  await consume(consumer, name, 't');
  const publishers = [];
  for (let number = 0; number < 1000; number++) publishers.push(await open());
  return { publishers, consumers: [consumer], message: publish(1, '', name, BODY) };
}

/** Of a hundred bindings with three headers each, one matches. */
async function headersExchange(open, name) {
  const [publisher, consumer] = [await open(), await open()];
  await exchange(publisher, name, 'headers');
  await queue(consumer, name);
  for (let number = 0; number < 100; number++) {
    const wanted = { 'x-match': 'all', region: 'north', kind: 'order', shop: `shop-${number}` };
    await bind(consumer, name, name, '', tableOf(wanted));
  }
  await consume(consumer, name, 't');
  const headers = { region: 'north', kind: 'order', shop: 'shop-50', trace: 'abcdef' };
  return { publishers: [publisher], consumers: [consumer], message: publish(1, name, '', BODY, { headers }) };
}

function exchange(connection, name, type) {
  return connection.call(method(1, 40, 10, [0, 2], name, type, 4, NO_ARGUMENTS), 40, 11);
}

function queue(connection, name) {
  return connection.call(method(1, 50, 10, [0, 2], name, AUTO_DELETE, NO_ARGUMENTS), 50, 11);
}

function bind(connection, name, from, key, table) {
  return connection.call(method(1, 50, 20, [0, 2], name, from, key, 0, table), 50, 21);
}

function consume(connection, name, tag) {
  return connection.call(method(1, 60, 20, [0, 2], name, tag, NO_ACK, NO_ARGUMENTS), 60, 21);
}

/** In order, so that the next shape finds nothing of this one. */
async function closeAll(connections) {
  await Promise.all(
    connections.map(async (connection) => {
      await connection.call(method(0, 10, 50, [200, 2], '', [0, 2], [0, 2]), 10, 51).catch(() => {});
      connection.close();
    }),
  );
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
