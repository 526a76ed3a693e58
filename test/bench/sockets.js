/**
 * Driven by raw sockets, one node of each engine: messages a second through one queue, the latency at 1,000 a
 * second, what a node weighs before and at most, and messages that fan out or have many on either end. The
 * engines take turns within each try, so that both meet the same neighbours.
 */
import { load, modes } from './load/load.js';
import { shapeRate, shapes } from './load/shapes.js';
import { alternate, median } from './measure.js';
import { BenchNode } from './node.js';

const sizes = [16, 1024, 16384];
const engines = ['bundled', 'rabbitmq'];
const titles = {
  'transient-auto': 'transient, automatic ack',
  'transient-manual': 'transient, manual ack, prefetch 200',
  persistent: 'persistent, confirms, manual ack',
};

export async function* measureSockets(tries) {
  const nodes = {};
  try {
    for (const engine of engines) {
      nodes[engine] = new BenchNode(engine);
      await nodes[engine].start();
    }
    await pause(5000);
    const idle = memoryOf(nodes, 'now');
    yield* throughput(nodes, tries);
    yield* latency(nodes, tries);
    yield { ...memoryRow('idle'), ...idle };
    yield { ...memoryRow('at most, in all of the above'), goal: '≤ ½ ×', ...memoryOf(nodes, 'most') };
    yield* shaped(nodes, tries);
  } finally {
    for (const node of Object.values(nodes)) await node.destroy();
  }
}

async function* throughput(nodes, tries) {
  const ratios = [];
  for (const mode of modes.filter((mode) => mode !== 'latency')) {
    for (const size of sizes) {
      const rates = await alternate(tries, (engine) =>
        load({ port: nodes[engine].port, mode, size, seconds: 2 }),
      );
      const row = rateRow(`raw sockets, ${titles[mode]}, ${size} B`, rates);
      ratios.push(row.bundled / row.rabbitmq);
      yield row;
    }
  }
  const mean = ratios.reduce((product, ratio) => product * ratio, 1) ** (1 / ratios.length);
  yield {
    what: 'geometric mean of those nine',
    unit: '× RabbitMQ',
    goal: '≥ 3 ×',
    moreIsBetter: true,
    bundled: mean,
    rabbitmq: 1,
  };
}

async function* latency(nodes, tries) {
  const found = await alternate(tries, (engine) =>
    load({ port: nodes[engine].port, mode: 'latency', size: 1024, seconds: 2 }),
  );
  for (const part of ['p50', 'p99']) {
    const of = (engine) => median(found[engine].map((result) => result[part]));
    yield {
      what: `raw sockets, latency at 1,000/s, 1 KiB, ${part}`,
      unit: 'ms',
      goal: '≤ 1 ×',
      moreIsBetter: false,
      bundled: of('bundled'),
      rabbitmq: of('rabbitmq'),
    };
  }
}

async function* shaped(nodes, tries) {
  for (const shape of Object.keys(shapes)) {
    const rates = await alternate(tries, (engine) => shapeRate({ port: nodes[engine].port, shape }));
    yield rateRow(`raw sockets, ${shape}, 16 B, deliveries`, rates);
  }
}

function rateRow(what, rates) {
  return {
    what,
    unit: 'msg/s',
    goal: '≥ 1 ×',
    moreIsBetter: true,
    bundled: median(rates.bundled),
    rabbitmq: median(rates.rabbitmq),
  };
}

function memoryRow(when) {
  return { what: `one node, RSS ${when}`, unit: 'MB', goal: '', moreIsBetter: false };
}

function memoryOf(nodes, which) {
  return Object.fromEntries(engines.map((engine) => [engine, nodes[engine].memory[which]]));
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
