/** Many of everything on one node: how long it takes to make them, to list a page of them and to start with them. */
import { bindQueues, declareQueues, openConnections, routedRate } from './load/many.js';
import { median } from './measure.js';
import { BenchNode } from './node.js';

const queues = 10_000;
const bindings = 100_000;
const connections = 2000;
const channels = 5;
const key = 'shop.none.of.these';

export async function* measureMany() {
  const measured = {};
  for (const engine of ['bundled', 'rabbitmq']) measured[engine] = await oneNode(engine);
  const row = (what, name, unit, goal = '', moreIsBetter = false) => ({
    what,
    unit,
    goal,
    moreIsBetter,
    bundled: measured.bundled[name],
    rabbitmq: measured.rabbitmq[name],
  });
  yield row('10,000 durable queues declared', 'declare', 's');
  yield row('100,000 bindings of one topic exchange', 'bind', 's');
  yield row('2,000 connections with 5 channels each', 'connect', 's');
  yield row('routed past 100 bindings', 'few', 'msg/s', '', true);
  yield row('routed past 100,000 bindings', 'many', 'msg/s', 'as past 100', true);
  yield row('a page of 100 queues while messages flow', 'page', 'ms', '≤ 50 ms');
  yield row('start with all of it', 'start', 's');
  yield row('memory with all of it', 'memory', 'MB');
}

async function oneNode(engine) {
  const node = new BenchNode(engine);
  try {
    await node.start();
    const declare = await seconds(() => declareQueues(node.port, queues));
    await bindQueues(node.port, 'few', queues, 100);
    const few = await routedRate(node.port, 'few', key, 'probe', 3);
    const bind = await seconds(() => bindQueues(node.port, 'shop', queues, bindings));
    const many = await routedRate(node.port, 'shop', key, 'probe', 3);
    let close = () => {};
    const connect = await seconds(async () => {
      close = await openConnections(node.port, connections, channels);
    });
    const page = await pageTime(node);
    const memory = node.memory.most;
    close();
    await node.stop();
    return { declare, bind, connect, few, many, page, memory, start: await node.start() };
  } finally {
    await node.destroy();
  }
}

/** While a thousand messages a second pass through one of the queues. */
async function pageTime(node) {
  const flow = routedRate(node.port, 'shop', key, 'probe', 8, 1000);
  const times = [];
  for (let asked = 0; asked < 20; asked++) {
    times.push((await seconds(() => node.api('queues?page=1&page_size=100'))) * 1000);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await flow;
  return median(times);
}

async function seconds(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
