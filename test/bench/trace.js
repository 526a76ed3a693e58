/**
 * What it costs to trace a queue into a log (rabbitmq_tracing): every publish and every delivery is one more message
 * and one more entry. At 2,000 messages a second, what clients wait and what the node works; and the rate of a queue that
 * is as fast as it goes.
 */
import { load } from './load/load.js';
import { median } from './measure.js';
import { BenchNode } from './node.js';

const perSecond = 2000;
const seconds = 4;
const size = 100;
const trace = 'traces/%2F/bench';

export async function* measureTrace(tries) {
  const bundled = await costsOf('bundled', tries);
  const rabbitmq = await costsOf('rabbitmq', tries);
  const row = (what, unit, key) => ({ what, unit, bundled: bundled[key], rabbitmq: rabbitmq[key] });
  const traced = `a queue of ${perSecond.toLocaleString('en-US')} msg/s, traced`;
  yield { ...row(`${traced}: median latency`, 'ms', 'latency'), goal: '≥ 1 ×' };
  yield { ...row(`${traced}: processor time that the trace adds to a message`, 'µs', 'work'), goal: '≥ 1 ×' };
  yield { ...row('a queue as fast as it goes, traced', 'msg/s', 'rate'), goal: '≥ 1 ×', moreIsBetter: true };
}

async function costsOf(engine, tries) {
  const node = new BenchNode(engine, [], ['rabbitmq_management', 'rabbitmq_tracing']);
  try {
    await node.start();
    await fast(node);
    const costs = { latency: [], work: [], rate: [] };
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const plain = await paced(node);
      await node.request('PUT', trace, { format: 'text', pattern: '#' });
      const traced = await paced(node);
      const rate = await fast(node);
      await node.request('DELETE', trace);
      costs.latency.push(traced.latency);
      costs.work.push(traced.work - plain.work);
      costs.rate.push(rate);
    }
    return Object.fromEntries(Object.entries(costs).map(([key, values]) => [key, median(values)]));
  } finally {
    await node.destroy();
  }
}

async function paced(node) {
  const before = node.used;
  const { p50 } = await load({ port: node.port, mode: 'latency', size, seconds, perSecond });
  return { latency: p50, work: ((node.used - before) * 1000) / (perSecond * (seconds + 1)) };
}

const fast = ({ port }) => load({ port, mode: 'transient-auto', size, seconds: 2 });
