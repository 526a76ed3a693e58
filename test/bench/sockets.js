/** Messages a second through one queue of one node, driven by raw sockets, and the latency at 1,000 a second. */
import { load, modes } from './load/load.js';
import { downLine, median, portBase, run, upLine, withHome } from './measure.js';

const sizes = [16, 1024, 16384];
const engines = ['bundled', 'rabbitmq'];
const titles = {
  'transient-auto': 'transient, automatic ack',
  'transient-manual': 'transient, manual ack, prefetch 200',
  persistent: 'persistent, confirms, manual ack',
};

export async function* measureSockets(tries) {
  yield* await withHome(async (env) => {
    const found = {};
    for (const engine of engines) found[engine] = await resultsOf(engine, tries, env);
    return [...rates(found), ...latencies(found)];
  });
}

function rates(found) {
  return Object.entries(titles).flatMap(([mode, title]) =>
    sizes.map((size) => ({
      what: `raw sockets, ${title}, ${size} B`,
      unit: 'msg/s',
      goal: '≥ 1 ×',
      moreIsBetter: true,
      bundled: median(found.bundled[`${mode} ${size}`]),
      rabbitmq: median(found.rabbitmq[`${mode} ${size}`]),
    })),
  );
}

function latencies(found) {
  const of = (engine, part) => median(found[engine].latency.map((result) => result[part]));
  return ['p50', 'p99'].map((part) => ({
    what: `raw sockets, latency at 1,000/s, 1 KiB, ${part}`,
    unit: 'ms',
    goal: '≤ 1 ×',
    moreIsBetter: false,
    bundled: of('bundled', part),
    rabbitmq: of('rabbitmq', part),
  }));
}

async function resultsOf(engine, tries, env) {
  const port = portBase();
  run(process.execPath, [...upLine(engine, port), '--nodes', '1', '--ha', 'none'], env);
  try {
    const results = {};
    for (const mode of modes) {
      for (const size of mode === 'latency' ? [1024] : sizes) {
        const key = mode === 'latency' ? mode : `${mode} ${size}`;
        results[key] = [];
        for (let attempt = 0; attempt < tries; attempt += 1) {
          results[key].push(await load({ port, mode, size, seconds: 2 }));
        }
      }
    }
    return results;
  } finally {
    run(process.execPath, downLine, env);
  }
}
