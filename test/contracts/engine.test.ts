/**
 * What an operator may expect of an engine's executables, on each engine. RabbitMQ takes seconds to boot, so the
 * tests of a group share their nodes, and are in the order of a node's life.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, readFile, stat, writeFile } from 'node:fs/promises';
import { connect as open } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type ChannelModel, connect, type GetMessage } from 'amqplib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EngineCluster, prepareCluster, startCluster } from '../engines/cluster.js';
import { bundled, engines, installed } from '../engines/engine.js';
import type { EngineNode } from '../engines/node.js';
import { until } from '../engines/until.js';

const run = promisify(execFile);

const clusters: EngineCluster[] = [];
afterEach(async () => {
  await Promise.all(clusters.splice(0).map((cluster) => cluster.destroy()));
});

/** Opens connections until the node has no file left for one. */
async function connectUntilRefused(node: EngineNode): Promise<ChannelModel[]> {
  const clients: ChannelModel[] = [];
  try {
    for (let count = 0; count < 100; count++) clients.push(await connect(node.url));
  } catch {
    return clients;
  }
  throw new Error('a hundred connections were taken');
}

async function kept(cluster: Promise<EngineCluster>): Promise<readonly EngineNode[]> {
  const made = await cluster;
  clusters.push(made);
  return made.nodes;
}

it('the bundled engine is there, whatever else this machine has', () => {
  expect(engines).toContain(bundled);
  expect(engines).toHaveLength(installed.rabbitmq ? 2 : 1);
});

describe.each(engines)('one node: $name', (engine) => {
  let cluster: EngineCluster;
  let node: EngineNode;
  beforeAll(async () => {
    cluster = await startCluster(engine, 1, ['handshake_timeout = 1000']);
    node = cluster.nodes[0]!;
  });
  afterAll(() => cluster?.destroy());

  it('starts detached, and makes a cookie for its owner only', async () => {
    const cookie = path.join(node.specification.home, '.erlang.cookie');
    expect((await stat(cookie)).mode & 0o777).toBe(0o400);
    expect((await readFile(cookie, 'utf8')).length).toBeGreaterThanOrEqual(20);
    expect(node.isRunning).toBe(true);
    expect(await node.ctl('wait', '--timeout', '30', node.pidFile)).toMatchObject({ status: 0 });
  });

  it('closes a connection that never finishes its handshake', async () => {
    await Promise.all(['', 'AMQP', 'AMQP\0\0\x09\x01'].map((bytes) => closedAfter(node, bytes)));
    await (await connect(node.url)).close();
  });

  it('another of its name does not start, and says why', async () => {
    const { pidFile } = node;
    const pid = node.pid!;
    const other = { RABBITMQ_NODE_PORT: '1', RABBITMQ_DIST_PORT: '2', RABBITMQ_PID_FILE: `${pidFile}.other` };
    expect(await node.complaint(other)).toContain(
      `node with name "${node.specification.shortName}" is already running`,
    );
    process.kill(pid, 0);
    await (await connect(node.url)).close();
  });

  it('another on its port does not start, and says why', async () => {
    const [other] = (await kept(prepareCluster(engine))) as [EngineNode];
    const said = await other.complaint({ RABBITMQ_NODE_PORT: String(node.specification.ports.amqp) });
    expect(said).toMatch(
      new RegExp(
        `${node.specification.ports.amqp}[\\s\\S]*(eaddrinuse|in use)|in use[\\s\\S]*${node.specification.ports.amqp}`,
      ),
    );
    await (await connect(node.url)).close();
  });

  it('is stopped and started inside by stop_app and start_app', async () => {
    expect((await node.ctl('stop_app')).status).toBe(0);
    await expect(connect(node.url)).rejects.toThrow();
    expect((await node.run('rabbitmq-diagnostics', 'check_running')).status).toBe(69);
    expect((await node.ctl('list_users')).status).toBe(64);
    expect((await node.ctl('start_app')).status).toBe(0);
    await (await connect(node.url)).close();
  });

  it('keeps what it confirmed and what was declared durable over a kill -9', async () => {
    const connection = await connect(node.url);
    connection.on('error', () => {});
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => {});
    await channel.assertQueue('kept', { durable: true });
    await channel.assertExchange('kept', 'topic', { durable: true });
    await channel.bindQueue('kept', 'kept', 'a.#');
    for (let number = 1; number <= 100; number += 1) {
      channel.publish('kept', 'a.b', Buffer.from(`${number}`), { persistent: true });
    }
    channel.publish('kept', 'a.b', Buffer.from('transient'));
    await channel.waitForConfirms();
    await node.kill();

    await node.boot();
    const again = await connect(node.url);
    const reader = await again.createChannel();
    await reader.checkExchange('kept');
    expect(await reader.checkQueue('kept')).toMatchObject({ messageCount: 100 });
    for (let number = 1; number <= 100; number += 1) {
      const message = await reader.get('kept', { noAck: true });
      expect(textOf(message)).toBe(`${number}`);
    }
    await again.close();
  });

  it('stops on SIGTERM', async () => {
    await node.stop();
    expect((await node.ctl('ping')).status).toBe(69);
    const { status, stderr } = await node.ctl('list_users');
    expect(status).toBe(69);
    expect(stderr).toContain(`unable to perform an operation on node '${node.name}'`);
    expect(stderr).toContain(`reports: node '${node.specification.shortName}' not running at all`);
  });
});

it('a node in the foreground goes on when nobody reads any more what it prints', async () => {
  const [node] = (await kept(prepareCluster(bundled))) as [EngineNode];
  const server = spawn(path.join(bundled.folder, 'rabbitmq-server'), {
    env: node.environment,
    stdio: 'pipe',
  });
  const ended = once(server, 'close');
  await once(server.stdout, 'data');
  server.stdout.destroy();
  server.stderr.destroy();
  expect(await node.ctl('await_startup')).toMatchObject({ status: 0 });
  server.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

it('a node with as many files open as it may goes on, and confirms when there is room again', async () => {
  const [node] = (await kept(startCluster(bundled))) as [EngineNode];
  const client = await connect(node.url);
  const channel = await client.createConfirmChannel();
  await channel.assertQueue('q', { durable: true });
  const limit = (files: number) => run('prlimit', ['--pid', String(node.pid), `--nofile=${files}:`]);
  await limit(60);
  const others = await connectUntilRefused(node);
  for (let count = 0; count < 1000; count++)
    channel.sendToQueue('q', Buffer.alloc(1000), { persistent: true });
  await pause(4000); // every look at memory, disk and files comes within 2.5 s
  expect(node.isRunning).toBe(true);
  await limit(1024);
  await channel.waitForConfirms();
  expect(await channel.checkQueue('q')).toMatchObject({ messageCount: 1000 });
  await (await connect(node.url)).close();
  await Promise.all([client, ...others].map((one) => one.close()));
});

describe.each(engines)('a node that cannot start says why: $name', (engine) => {
  it('a cookie that others can read, refused by the tools (78) and by the server', async () => {
    const [node] = (await kept(prepareCluster(engine))) as [EngineNode];
    const cookie = path.join(node.specification.home, '.erlang.cookie');
    await writeFile(cookie, 'A'.repeat(32));
    await chmod(cookie, 0o644);
    const { status, stderr } = await node.ctl('status');
    expect(status).toBe(78);
    expect(stderr).toContain(`Cookie file ${cookie} must be accessible by owner only`);
    expect(await node.complaint()).toContain(`Cookie file ${cookie} must be accessible by owner only`);
  });

  it('an unknown key in rabbitmq.conf', async () => {
    const [node] = (await kept(prepareCluster(engine, 1, ['', 'nonsense.key = 1']))) as [EngineNode];
    const said = await node.complaint();
    expect(said).toContain('nonsense.key');
    expect(said).toMatch(/there is no setting/);
  });
});

describe.each(engines)('two nodes: $name', (engine) => {
  let cluster: EngineCluster;
  let one: EngineNode;
  let two: EngineNode;
  beforeAll(async () => {
    cluster = await startCluster(engine, 2);
    [one, two] = cluster.nodes as [EngineNode, EngineNode];
  });
  afterAll(() => cluster?.destroy());

  it('are one cluster by their configuration, and serve each other’s queues', async () => {
    await bothRunning(cluster.nodes);
    const publisher = await connect(one.url);
    const sender = await publisher.createConfirmChannel();
    await sender.assertQueue('shared', { durable: true });
    sender.sendToQueue('shared', Buffer.from('across'), { persistent: true });
    await sender.waitForConfirms();
    const consumer = await connect(two.url);
    const message = await (await consumer.createChannel()).get('shared', { noAck: true });
    expect(textOf(message)).toBe('across');
    await Promise.all([publisher.close(), consumer.close()]);
  });

  it('do not talk to who has another cookie', async () => {
    const [other] = (await kept(prepareCluster(engine))) as [EngineNode];
    const { status, stderr } = await other.ctl('-n', one.name, 'list_users');
    expect(status).toBe(69);
    expect(stderr).toContain(`unable to perform an operation on node '${one.name}'`);
  });

  it('are halted by stop', async () => {
    const running = await one.ctl('forget_cluster_node', two.name);
    expect(running.status).toBe(69);
    expect((await two.ctl('stop', two.pidFile)).status).toBe(0);
    expect(two.isRunning).toBe(false);
    expect((await two.ctl('start_app')).status).toBe(69);
  });

  it('part by forget_cluster_node, and the forgotten one does not start with its old data', async () => {
    expect(await one.ctl('forget_cluster_node', two.name)).toMatchObject({ status: 0 });
    expect(await clusterOf(one)).toEqual([one.name]);
    expect(await two.complaint()).toMatch(/inconsistent_cluster|thinks it's clustered with/);
  });
});

describe('the bundled server', () => {
  it('names the line of an unknown key', async () => {
    const [node] = (await kept(prepareCluster(bundled))) as [EngineNode];
    await writeFile(node.configFile, '# a comment\n\nnonsense.key = 1\n');
    expect(await node.complaint()).toMatch(/rabbitmq\.conf:3\b/);
  });

  it('refuses the data of another node', async () => {
    const [one] = (await kept(startCluster(bundled))) as [EngineNode];
    await one.stop();
    const [other] = (await kept(prepareCluster(bundled))) as [EngineNode];
    await cp(path.join(one.folder, 'mnesia', one.name), path.join(other.folder, 'mnesia', other.name), {
      recursive: true,
    });
    expect(await other.complaint()).toContain(`the data directory belongs to another cluster (${one.name})`);
  });

  it.each(['SIGTERM', 'a tool'])(
    'that waits for the node that was stopped last is ended by %s',
    async (by) => {
      const [first, last] = (await kept(startCluster(bundled, 2))) as [EngineNode, EngineNode];
      await bothRunning([first, last]);
      await first.stop();
      await last.stop();
      const server = spawn(path.join(bundled.folder, 'rabbitmq-server'), {
        env: first.environment,
        stdio: 'ignore',
      });
      const ended = once(server, 'close');
      await until('it answers', async () => (await first.ctl('ping')).status === 0);
      if (by === 'SIGTERM') server.kill(by);
      else await first.ctl('stop');
      expect(await ended).toEqual([0, null]);
      expect((await first.ctl('ping')).status).toBe(69);
      expect(existsSync(first.pidFile)).toBe(false);
    },
  );

  it('takes a name back from a process that was killed', async () => {
    const [node] = (await kept(startCluster(bundled))) as [EngineNode];
    await node.kill();
    await node.boot();
    expect((await node.ctl('ping')).status).toBe(0);
  });
});

function textOf(message: GetMessage | false): string {
  return message ? message.content.toString() : 'no message';
}

async function bothRunning(nodes: readonly EngineNode[]): Promise<void> {
  const names = nodes.map((node) => node.name).sort();
  for (const node of nodes) {
    const seesAll = async () => (await clusterOf(node)).join() === names.join();
    await until(`${node.name} sees ${names}`, seesAll);
  }
}

async function clusterOf(node: EngineNode): Promise<string[]> {
  const { status, stdout } = await node.ctl('cluster_status', '--formatter', 'json');
  return status === 0 ? (JSON.parse(stdout) as { running_nodes: string[] }).running_nodes.sort() : [];
}

async function closedAfter(node: EngineNode, bytes: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = open(node.specification.ports.amqp, '127.0.0.1', () =>
      socket.write(Buffer.from(bytes, 'latin1')),
    );
    const deadline = setTimeout(() => reject(new Error(`still open after ${JSON.stringify(bytes)}`)), 30_000);
    socket.on('error', () => {});
    socket.resume();
    socket.once('close', () => {
      clearTimeout(deadline);
      resolve();
    });
  });
}
