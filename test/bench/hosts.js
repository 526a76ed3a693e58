/** Hosts over SSH: what `warren check` of many simulated ones takes, and how much memory. */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { median, warren, withHome } from './measure.js';

const many = 200;
const simulated = path.join(import.meta.dirname, '../drivers/transport/ssh/many-hosts.js');

export async function* measureHosts(tries) {
  const hosts = fork(simulated, [String(many)], { stdio: 'inherit' });
  try {
    const [ports] = await once(hosts, 'message');
    const runs = await withHome(async (env, home) => {
      const file = path.join(home, 'warren.yaml');
      writeFileSync(file, clusterFile(ports));
      const results = [];
      for (let attempt = 0; attempt < tries; attempt += 1) {
        rmSync(path.join(home, 'known_hosts'), { force: true });
        results.push(await check(file, env));
      }
      return results;
    });
    const what = `\`warren check\` of ${many} simulated hosts`;
    yield { what, unit: 's', goal: '≤ 10 s', bundled: median(runs.map(({ seconds }) => seconds)) };
    yield {
      what: `${what}, its memory`,
      unit: 'MB',
      goal: '≤ 300 MB',
      bundled: median(runs.map(({ mb }) => mb)),
    };
  } finally {
    hosts.kill();
  }
}

function clusterFile(ports) {
  const nodes = ports.map(
    (port, at) => `  - {name: server${at + 1}, address: 127.1.0.${at + 1}, ssh: {port: ${port}}}`,
  );
  return `name: many
ssh: {user: root, agent: false, password: 'env:BENCH_PASSWORD', known_hosts: known_hosts}
nodes:
${nodes.join('\n')}
`;
}

/** Every host has to have answered, or the figure would be of something else. */
async function check(file, env) {
  const args = [warren, 'check', '--file', file, '--accept-new', '--json', '--concurrency', String(many)];
  const start = process.hrtime.bigint();
  const child = spawn(process.execPath, args, {
    cwd: path.dirname(file),
    env: { ...env, BENCH_PASSWORD: 'any' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let mb = 0;
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    mb = Math.max(mb, mostMemory(child.pid));
  });
  child.stderr.on('data', (chunk) => {
    stderr = (stderr + chunk).slice(-4000);
  });
  const watch = setInterval(() => {
    mb = Math.max(mb, mostMemory(child.pid));
  }, 50);
  await once(child, 'close');
  clearInterval(watch);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const looked = JSON.parse(stdout).hosts?.filter(({ os }) => os !== undefined).length ?? 0;
  if (looked !== many)
    throw new Error(`${looked} of ${many} hosts answered: ${stdout.slice(0, 2000)}${stderr}`);
  return { seconds, mb };
}

function mostMemory(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
