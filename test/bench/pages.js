/**
 * A page of 100 out of 10,000 queues, while messages flow as fast as they go: how long it takes, and what memory
 * does over a minute of asking. Both engines, one after the other. `node test/bench/pages.js [SECONDS]`
 */
import { declareQueues, openConnections, routedRate } from './load/many.js';
import { median } from './measure.js';
import { BenchNode } from './node.js';

const seconds = Number(process.argv[2] ?? 60);
const engines = (process.env.ENGINES ?? 'bundled,rabbitmq').split(',');

const questions = {
  'by name': 'queues?page=1&page_size=100',
  'by messages': 'queues?page=1&page_size=100&sort=messages&sort_reverse=true',
  'by rate': 'queues?page=1&page_size=100&sort=message_stats.publish_details.rate&sort_reverse=true',
  'name filter': 'queues?page=1&page_size=100&name=many-99&use_regex=true',
};

for (const engine of engines) {
  const node = new BenchNode(engine);
  try {
    await node.start();
    await declareQueues(node.port, 10_000);
    const close = await openConnections(node.port, 1000, 2);
    for (const limit of [1000, Number.POSITIVE_INFINITY]) await ask(engine, node, limit);
    close();
  } finally {
    await node.destroy();
  }
}

async function ask(engine, node, limit) {
  const flow = routedRate(node.port, 'amq.topic', 'a.b', 'probe', seconds / 2, limit);
  const times = Object.fromEntries(Object.keys(questions).map((name) => [name, []]));
  const memory = [];
  const until = performance.now() + (seconds / 2) * 1000 - 1500;
  while (performance.now() < until) {
    for (const [name, route] of Object.entries(questions)) {
      const start = performance.now();
      await node.api(route);
      times[name].push(performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    memory.push(node.memory.now);
  }
  const rate = Math.round(await flow);
  const flowing = `${engine}, ${rate} msg/s`;
  for (const [name, some] of Object.entries(times)) {
    const worst = Math.max(...some);
    console.log(
      `${flowing}: page ${name}: median ${median(some).toFixed(1)} ms, worst ${worst.toFixed(0)} ms`,
    );
  }
  const mid = memory[Math.floor(memory.length / 2)];
  console.log(`${flowing}: memory ${memory[0]} → ${mid} → ${memory.at(-1)} MB`);
}
