/** A three-node cluster raised by `warren up` in a home of its own. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const warren = path.join(import.meta.dirname, '../../bin/run.js');

export function startThree(engine, home) {
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    XDG_STATE_HOME: path.join(home, 'state'),
    XDG_RUNTIME_DIR: home,
    LANG: 'C.UTF-8',
  };
  const base = String(13_000 + (process.pid % 500));
  const up = ['up', '--name', 'soak', '--engine', engine, '--nodes', '3', '--ha', 'all', '--port-base', base];
  type(up, env);
  return {
    nodes: () => JSON.parse(type(['ps', '--json'], env)).clusters[0].nodes,
    /** Typed again, it starts what is missing. */
    start: () => type(up, env),
    down: () => type(['down', '--purge'], env),
  };
}

function type(args, env) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [warren, ...args], {
    encoding: 'utf8',
    env,
  });
  if (status === 0) return stdout;
  throw new Error(`warren ${args.join(' ')} ended with ${status}: ${stderr}${stdout}`);
}
