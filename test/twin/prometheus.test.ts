/**
 * The metrics of rabbitmq_prometheus on both engines after the same clients did the same: the same metrics with
 * the same types, words and labels, the same figures wherever they count messages, the same answers to odd
 * requests; and Prometheus itself reads them.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { installed } from '../engines/engine.js';
import { EngineNode } from '../engines/node.js';
import { freePorts } from '../engines/ports.js';
import { alike, until } from '../engines/until.js';
import { makeWorld, type World } from './management/world.js';
import { type Exposed, exposed } from './prometheus/exposed.js';

const twins = inject('twins');

describe.skipIf(!twins)('rabbitmq_prometheus', () => {
  let ours: EngineNode;
  let theirs: EngineNode;
  const worlds: World[] = [];
  /** What each engine had counted before. */
  const before = new Map<EngineNode, Exposed>();
  const both = <T>(ask: (node: EngineNode) => Promise<T>) => Promise.all([ours, theirs].map(ask));

  beforeAll(async () => {
    ours = new EngineNode(twins!.bundled);
    theirs = new EngineNode(twins!.rabbitmq);
    const plugins = await both((node) => node.run('rabbitmq-plugins', 'enable', 'rabbitmq_prometheus'));
    expect(plugins.map(({ status }) => status)).toEqual([0, 0]);
    for (const node of [ours, theirs]) {
      before.set(node, exposed(await text(node, 'metrics')));
      await dead(node);
      worlds.push(await makeWorld({ node: node.name, ...node.specification.ports }));
      const counted = async () => {
        const now = exposed(await text(node, 'metrics'));
        const more = (name: string) => (now.value(name) ?? 0) - (before.get(node)?.value(name) ?? 0);
        return more('rabbitmq_channel_messages_acked_total') === 3 && more('rabbitmq_queue_messages') === 16;
      };
      await until(`${node.name} has collected its figures`, counted);
    }
  });

  afterAll(async () => {
    await Promise.all(worlds.map((world) => world.leave()));
    const plugins = await both((node) => node.run('rabbitmq-plugins', 'disable', 'rabbitmq_prometheus'));
    expect(plugins.map(({ status }) => status)).toEqual([0, 0]);
  });

  it('shows the same metrics, with the same types and words, in the same order', async () => {
    const families = ['queue_coarse_metrics', 'queue_consumer_count', 'channel_metrics', 'exchange_names'];
    const more = ['exchange_bindings', 'vhost_status', 'connection_metrics', 'node_metrics', 'ra_metrics'];
    for (const where of [
      'metrics',
      'metrics/default',
      'metrics/per-object',
      'metrics/detailed',
      ...[...families, ...more].map((family) => `metrics/detailed?family=${family}`),
    ]) {
      const [mine, real] = await both(async (node) => exposed(await text(node, where)).described);
      expect({ where, metrics: mine }).toEqual({ where, metrics: real });
    }
  });

  it('labels them alike, but for what channels did with each exchange and queue', async () => {
    const families = 'family=exchange_names&family=exchange_bindings&family=vhost_status&vhost=routes-vhost';
    for (const where of ['metrics', 'metrics/per-object', `metrics/detailed?${families}`]) {
      const apart = ([name]: [string, string]) =>
        !/_channel_(get|messages)_(.*_)?total|_queue_messages_published_total/.test(name) ||
        where === 'metrics';
      const [mine, real] = await alike(
        [ours, theirs].map((node) => async () => exposed(await text(node, where)).labels.filter(apart)),
      );
      expect({ where, labels: mine }).toEqual({ where, labels: real });
    }
  });

  it('counts alike', async () => {
    const counting = /^rabbitmq_(global|queue_messages|queue_consumers|channel_|consumer|channels|queues)/;
    const approximate = /reductions|_detailed_|paged|ram|persistent|global_publishers/;
    const counts = async (node: EngineNode) => {
      const now = exposed(await text(node, 'metrics'));
      return now.values
        .filter(([name]) => counting.test(name) && !approximate.test(name))
        .map(([name, value]): [string, number] => [name, value - (before.get(node)?.value(name) ?? 0)]);
    };
    const mine = await counts(ours);
    expect(mine.length).toBeGreaterThan(60);
    // What RabbitMQ's processes report every few seconds may still be on its way.
    let apart: string[] = [];
    await until(
      'RabbitMQ counts what the bundled broker counts',
      async () => {
        const real = new Map(await counts(theirs));
        apart = mine.flatMap(([name, value]) =>
          real.get(name) === value ? [] : [`${name} ${value} beside ${real.get(name)}`],
        );
        return apart.length === 0 && real.size === mine.length;
      },
      undefined,
      () => `: ${apart.join(', ')}`,
    );
  });

  it('answers odd requests alike', async () => {
    const asked: [string, RequestInit][] = [
      ['metrics/', {}],
      ['metrics/nosuch', {}],
      ['', {}],
      ['nosuch', {}],
      ['metrics', { method: 'HEAD' }],
      ['metrics', { method: 'POST' }],
      ['metrics', { method: 'OPTIONS' }],
      ['metrics', { headers: { accept: 'application/json' } }],
      ['metrics', { headers: { accept: 'text/html, */*;q=0.1' } }],
      ['metrics', { headers: { 'accept-encoding': 'gzip' } }],
      ['metrics/detailed?family=nosuch', {}],
    ];
    for (const [where, how] of asked) {
      const [mine, real] = await both(async (node) => {
        const response = await fetch(url(node, where), how);
        const body = await response.text();
        return {
          status: response.status,
          type: response.headers.get('content-type'),
          allow: response.headers.get('allow'),
          body: body.startsWith('#') ? 'metrics' : body,
        };
      });
      expect({ where, how, answer: mine }).toEqual({ where, how, answer: real });
    }
  });

  it('is among the listeners and web contexts of the HTTP API', async () => {
    const [mine, real] = await both(async (node) => {
      const { metrics } = node.specification.ports;
      const { body } = await node.api('GET', 'overview');
      const { listeners, contexts } = body as Record<string, { node: string; port: number | string }[]>;
      return [...listeners!, ...contexts!]
        .filter(({ port }) => String(port) === String(metrics))
        .map((each) => JSON.stringify(each).replaceAll(node.name, 'NODE').replaceAll(String(metrics), '0'))
        .map((each) => each.replace('"ip_address":"::"', '"ip_address":"127.0.0.1"'));
    });
    expect(mine).toHaveLength(2);
    expect(mine!.map((each) => Object.entries(JSON.parse(each)).sort())).toEqual(
      real!.map((each) => Object.entries(JSON.parse(each)).sort()),
    );
  });

  it.skipIf(!installed.prometheus)('has nothing that promtool finds fault with', async () => {
    const problems = await both(async (node) => promtool(await text(node, 'metrics/per-object')));
    expect(problems[0]).toBe('');
  });

  it.skipIf(!installed.prometheus)(
    'is read by Prometheus',
    async () => {
      const prometheus = await startPrometheus([ours, theirs]);
      try {
        const found = (query: string) => async () => {
          const values = await prometheus.ask(query);
          return values.length === 2 && values[0] === values[1];
        };
        await until('Prometheus reads both', found('up == 1'));
        await until(
          'both have as many messages',
          found('sum by (job) (rabbitmq_queue_messages{vhost="routes-vhost"})'),
        );
      } finally {
        await prometheus.stop();
      }
    },
    300_000,
  );
});

/** Messages that queues give up on, for every reason; then the queues and their virtual host are gone. */
async function dead(node: EngineNode): Promise<void> {
  await node.api('PUT', 'vhosts/routes-dead');
  await node.api('PUT', 'permissions/routes-dead/guest', { configure: '.*', write: '.*', read: '.*' });
  const connection = await connect(`${node.url}/routes-dead`);
  const channel = await connection.createConfirmChannel();
  for (const to of [{ deadLetterExchange: 'amq.fanout' }, {}]) {
    const { queue } = await channel.assertQueue('', { maxLength: 2, ...to });
    for (let count = 0; count < 5; count++) channel.sendToQueue(queue, Buffer.from('x'));
    channel.sendToQueue(queue, Buffer.from('x'), { expiration: 0 });
    await channel.waitForConfirms();
    const got = await channel.get(queue);
    if (got !== false) channel.nack(got, false, false);
    if ('deadLetterExchange' in to) await channel.deleteQueue(queue);
  }
  await connection.close();
  await node.api('DELETE', 'vhosts/routes-dead');
}

const url = (node: EngineNode, where: string) =>
  `http://127.0.0.1:${node.specification.ports.metrics}/${where}`;

async function text(node: EngineNode, where: string): Promise<string> {
  const response = await fetch(url(node, where));
  expect(response.status).toBe(200);
  return response.text();
}

/** What it says; nothing is good. */
function promtool(metrics: string): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile('promtool', ['check', 'metrics'], (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
    child.stdin?.end(metrics);
  });
}

/** A job for each node. */
async function startPrometheus(nodes: readonly EngineNode[]) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'warren-prometheus-'));
  const file = path.join(folder, 'prometheus.yml');
  const jobs = nodes.map((node) => ({
    job_name: node.specification.engine.name,
    metrics_path: '/metrics/per-object',
    static_configs: [{ targets: [`127.0.0.1:${node.specification.ports.metrics}`] }],
  }));
  const intervals = { scrape_interval: '1s', scrape_timeout: '1s' };
  await writeFile(file, JSON.stringify({ global: intervals, scrape_configs: jobs }));
  const { metrics: port } = await freePorts();
  const args = [`--config.file=${file}`, `--storage.tsdb.path=${folder}/data`];
  const child = spawn('prometheus', [...args, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
  return {
    async ask(query: string): Promise<string[]> {
      try {
        const answer = await fetch(
          `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`,
        );
        const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
        return data.result.map(({ value }) => value[1]);
      } catch {
        return [];
      }
    },
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
