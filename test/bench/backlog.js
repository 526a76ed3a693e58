/** A million messages of 1 KiB in one durable queue: the node's memory, the rates at both ends, a start with it. */
import { empty, fill } from './load/backlog.js';
import { BenchNode } from './node.js';

const count = 1_000_000;
const size = 1024;

export async function* measureBacklog() {
  const measured = {};
  for (const engine of ['bundled', 'rabbitmq']) measured[engine] = await oneBacklog(engine);
  const row = (what, key, unit, goal, moreIsBetter = false) => ({
    what: `${count.toLocaleString('en-US')} × 1 KiB: ${what}`,
    unit,
    goal,
    moreIsBetter,
    bundled: measured.bundled[key],
    rabbitmq: measured.rabbitmq[key],
  });
  yield row('publishing with confirms', 'publish', 'msg/s', '', true);
  yield row('publishing, last tenth against the first', 'publishEnd', '', '≥ 0.8', true);
  yield row('start after kill -9', 'start', 's', '≤ 5 s');
  yield row('consuming with acknowledgement', 'consume', 'msg/s', '', true);
  yield row('consuming, last tenth against the first', 'consumeEnd', '', '≥ 0.8', true);
  yield row('lost or out of order', 'wrong', '', '0');
  yield row('most memory of the node', 'memory', 'MB', '≤ 300 MB');
}

async function oneBacklog(engine) {
  const node = new BenchNode(engine);
  try {
    await node.start();
    const asked = { port: node.port, queue: 'backlog', count, size };
    const filled = await fill(asked);
    const before = node.memory.most;
    await node.kill();
    const start = await node.start();
    const emptied = await empty(asked);
    return {
      publish: filled.all,
      publishEnd: filled.end / filled.start,
      start,
      consume: emptied.all,
      consumeEnd: emptied.end / emptied.start,
      wrong: count - emptied.read + emptied.disorder,
      memory: Math.max(before, node.memory.most),
    };
  } finally {
    await node.destroy();
  }
}
