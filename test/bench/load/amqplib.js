/**
 * One queue, one publisher, one consumer through amqplib, transient messages, automatic acknowledgement: each
 * client in a process of its own, as applications are.
 *
 *   node test/bench/load/amqplib.js --port 5672 [--size 16] [--seconds 4]
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import amqp from 'amqplib';

const WINDOW = 20_000;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '5672' },
    size: { type: 'string', default: '16' },
    seconds: { type: 'string', default: '4' },
    role: { type: 'string' },
    queue: { type: 'string', default: `amqplib-${process.pid}` },
  },
});
const port = Number(values.port);
const size = Number(values.size);
const seconds = Number(values.seconds);

if (values.role === 'publisher') await publish();
else console.log(`amqplib ${size} B: ${Math.round(await measure())} msgs/s`);

/** The consumer; it tells the publisher how far it has come, so that the queue stays short. */
async function measure() {
  const connection = await amqp.connect({ hostname: '127.0.0.1', port });
  const channel = await connection.createChannel();
  await channel.assertQueue(values.queue, { durable: false });
  let consumed = 0;
  const publisher = fork(fileURLToPath(import.meta.url), [
    '--role',
    'publisher',
    '--port',
    values.port,
    '--size',
    values.size,
    '--queue',
    values.queue,
  ]);
  await channel.consume(
    values.queue,
    () => {
      if (++consumed % 2000 === 0) publisher.send(consumed);
    },
    { noAck: true },
  );
  await pause(1500);
  const before = consumed;
  const start = performance.now();
  await pause(seconds * 1000);
  const rate = ((consumed - before) * 1000) / (performance.now() - start);
  publisher.kill();
  await channel.deleteQueue(values.queue);
  await connection.close();
  return rate;
}

async function publish() {
  const connection = await amqp.connect({ hostname: '127.0.0.1', port });
  const channel = await connection.createChannel();
  const body = Buffer.alloc(size, 120);
  let consumed = 0;
  let published = 0;
  let full = false;
  const pump = () => {
    for (let i = 0; i < 500 && !full && published - consumed < WINDOW; i++) {
      published++;
      full = !channel.publish('', values.queue, body);
    }
    if (!full && published - consumed < WINDOW) setImmediate(pump);
  };
  channel.on('drain', () => {
    if (!full) return;
    full = false;
    pump();
  });
  process.on('message', (count) => {
    const waited = published - consumed >= WINDOW;
    consumed = count;
    if (waited && !full) pump();
  });
  pump();
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
