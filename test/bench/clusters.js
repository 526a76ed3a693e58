/** Three nodes with `warren up`: how long it takes, what they weigh idle, and one command of theirs. */
import { alternate, downLine, median, portBase, run, seconds, upLine, warren, withHome } from './measure.js';

export async function* measureClusters(tries) {
  const measured = await alternate(tries, (engine) => withHome((env) => oneCluster(engine, env)));
  const of = (engine, key) => median(measured[engine].map((each) => each[key]));
  const row = (what, key, unit, goal) => ({
    what,
    unit,
    goal,
    bundled: of('bundled', key),
    rabbitmq: of('rabbitmq', key),
  });
  yield row('`up` with three nodes, mirrored', 'up', 's', '≤ 1.0 s and ≤ 1/10');
  yield row('three idle nodes, RSS', 'memory', 'MB', '≤ 240 MB');
  yield row('`rabbitmqctl cluster_status`', 'status', 's', '≤ 1/4');
  yield row('`down --purge`', 'down', 's', '');
}

async function oneCluster(engine, env) {
  const base = portBase();
  const up = seconds(process.execPath, [...upLine(engine, base), '--nodes', '3', '--ha', 'all'], env);
  try {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const [cluster] = JSON.parse(run(process.execPath, [warren, 'ps', '--json'], env)).clusters;
    const memory = cluster.nodes.map((node) => rssOf(node.pid)).reduce((sum, each) => sum + each, 0);
    const tools = JSON.parse(run(process.execPath, [warren, 'env', '--json'], env));
    const status = seconds(`${tools.path}/rabbitmqctl`, ['cluster_status'], { ...env, ...tools.variables });
    return { up, memory, status, down: seconds(process.execPath, downLine, env) };
  } catch (error) {
    run(process.execPath, downLine, env);
    throw error;
  }
}

/** Resident memory of a process in MB. */
function rssOf(pid) {
  return Number(run('ps', ['-o', 'rss=', '-p', String(pid)])) / 1000;
}
