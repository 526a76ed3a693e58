/** Messages a second through one queue of one node: transient, automatic ack, with amqplib on both ends. */
import { fork } from 'node:child_process';
import path from 'node:path';
import { connect } from 'amqplib';
import { downLine, median, portBase, run, upLine, withHome } from './measure.js';

const count = 100_000;
const engines = ['bundled', 'rabbitmq'];
const sizes = [16, 1024];

export async function* measureThroughput(tries) {
  yield* await withHome(async (env) => {
    const rates = {};
    for (const engine of engines) rates[engine] = await ratesOf(engine, tries, env);
    return sizes.map((size) => ({
      what: `one queue, transient, automatic ack, ${size} B`,
      unit: 'msg/s',
      goal: '≥ 1.5 ×',
      moreIsBetter: true,
      bundled: median(rates.bundled[size]),
      rabbitmq: median(rates.rabbitmq[size]),
    }));
  });
}

async function ratesOf(engine, tries, env) {
  const base = portBase();
  run(process.execPath, [...upLine(engine, base), '--nodes', '1', '--ha', 'none'], env);
  try {
    const url = `amqp://guest:guest@127.0.0.1:${base}`;
    await rateOf(url, sizes[0]);
    const rates = {};
    for (const size of sizes) {
      rates[size] = [];
      for (let attempt = 0; attempt < tries; attempt += 1) rates[size].push(await rateOf(url, size));
    }
    return rates;
  } finally {
    run(process.execPath, downLine, env);
  }
}

/** From the first publish to the last delivery; the publisher is another process. */
async function rateOf(url, size) {
  const connection = await connect(url);
  const channel = await connection.createChannel();
  const { queue } = await channel.assertQueue('bench', { durable: false, autoDelete: true });
  const publisher = fork(path.join(import.meta.dirname, 'publisher.js'), [
    url,
    queue,
    String(size),
    String(count),
  ]);
  await new Promise((resolve) => publisher.once('message', resolve));
  const start = process.hrtime.bigint();
  await new Promise((resolve) => {
    let received = 0;
    void channel
      .consume(
        queue,
        () => {
          received += 1;
          if (received === count) resolve();
        },
        { noAck: true },
      )
      .then(() => publisher.send('go'));
  });
  const elapsed = Number(process.hrtime.bigint() - start) / 1e9;
  await connection.close();
  return count / elapsed;
}
