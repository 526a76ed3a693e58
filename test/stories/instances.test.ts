/**
 * Chapter 11.3: two instances on one machine, typed as it stands there with three
 * corrections: one node name throughout, the variable that RabbitMQ really reads for
 * the second management port, and a file of enabled plugins for each. Node names get
 * an ending of their own, since other tests may run on this machine.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { afterEach, describe, expect, it } from 'vitest';
import { type EngineCluster, prepareCluster } from '../engines/cluster.js';
import { engines } from '../engines/engine.js';
import type { EngineNode } from '../engines/node.js';
import { host } from '../engines/node.js';
import { until } from '../engines/until.js';

let cluster: EngineCluster | undefined;
afterEach(() => cluster?.destroy());

describe.each(engines)('several instances on one machine: $name', (engine) => {
  it('start, and join as the notes tell', async () => {
    cluster = await prepareCluster(engine, 2, [], false);
    const [one, two] = cluster.nodes as [EngineNode, EngineNode];
    const [first, second] = [one.specification.shortName, two.specification.shortName];
    await type(one, startLine(one));
    await type(two, startLine(two));
    await type(one, `rabbitmqctl -n ${first} wait --timeout 60 ${one.pidFile}`);
    await type(two, `rabbitmqctl -n ${second} wait --timeout 60 ${two.pidFile}`);

    for (const line of ['stop_app', 'reset', 'start_app']) await type(one, `rabbitmqctl -n ${first} ${line}`);
    for (const line of ['stop_app', 'reset', `join_cluster ${first}@'${host}'`, 'start_app']) {
      await type(one, `rabbitmqctl -n ${second} ${line}`);
    }

    const status = await type(one, `rabbitmqctl cluster_status -n ${first} --formatter json`);
    const { running_nodes: running, disk_nodes: disk } = JSON.parse(status) as Record<string, string[]>;
    expect(running?.sort()).toEqual([one.name, two.name]);
    expect(disk?.sort()).toEqual([one.name, two.name]);
    await until(
      'the second management port answers',
      async () => (await two.api('GET', 'overview')).status === 200,
    );

    for (const node of [two, one]) {
      await type(one, `rabbitmqctl -n ${node.specification.shortName} stop`);
      await until(`${node.name} is gone`, async () => !node.isRunning);
    }
  });
});

/** `rabbitmq-server start &` of the notes, with what keeps this test's files to itself. */
function startLine(node: EngineNode): string {
  const { ports, shortName } = node.specification;
  const at = (name: string) => path.join(node.folder, name);
  return [
    `RABBITMQ_PID_FILE=${node.pidFile} RABBITMQ_MNESIA_BASE=${at('mnesia')} RABBITMQ_LOG_BASE=${at('log')}`,
    `RABBITMQ_ENABLED_PLUGINS_FILE=${at('enabled_plugins')} RABBITMQ_CONFIG_FILE=${at('none.conf')}`,
    `RABBITMQ_NODE_PORT=${ports.amqp}`,
    `RABBITMQ_SERVER_START_ARGS="-rabbitmq_management listener [{port,${ports.management}}]"`,
    `RABBITMQ_NODENAME=${shortName} rabbitmq-server start >${at('console')} 2>&1 &`,
  ].join(' ');
}

/** Types a line into a shell that has the engine's executables first on its PATH. */
async function type(node: EngineNode, line: string): Promise<string> {
  const { PATH, HOME, XDG_RUNTIME_DIR, LANG } = node.environment;
  const { exitCode, stdout, stderr } = await execa('bash', ['-c', line], {
    env: { PATH, HOME, XDG_RUNTIME_DIR, LANG },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  expect(`${line}\n${stderr}\nstatus ${exitCode}`, consoleOf(node)).toMatch(/status 0$/);
  return stdout;
}

function consoleOf(node: EngineNode): string {
  try {
    return readFileSync(path.join(node.folder, 'console'), 'utf8');
  } catch {
    return '';
  }
}
