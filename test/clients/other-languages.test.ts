/** Clients in PHP, Python and C, as their users run them. */
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { installed } from '../engines/engine.js';
import type { EngineNode } from '../engines/node.js';
import { onBothEngines } from './on-both-engines.js';

const at = (file: string) => path.join(import.meta.dirname, file);
const bodies = ['one', 'two', 'three'];

async function run(command: string, args: string[], input?: string): Promise<string[]> {
  const { stdout } = await execa(command, args, {
    timeout: 180_000,
    ...(input === undefined ? {} : { input }),
  });
  return stdout.split('\n');
}

onBothEngines(
  'php-amqplib',
  async (node) => {
    expect(await run('/usr/bin/php', [at('php-client.php'), String(node.specification.ports.amqp)])).toEqual([
      ...bodies.map((body) => `confirmed ${body}`),
      ...bodies.map((body) => `received ${body} ${body}`),
      'left 0',
    ]);
  },
  installed.php,
);

onBothEngines(
  'pika',
  async (node) => {
    expect(
      await run('/usr/bin/python3', [at('pika-client.py'), String(node.specification.ports.amqp)]),
    ).toEqual([
      ...bodies.map((body) => `confirmed ${body}`),
      'returned NO_ROUTE',
      ...bodies.map((body) => `received ${body} ${body}`),
      'left 0',
      "404 NOT_FOUND - no queue 'clients-pika' in vhost '/'",
    ]);
  },
  installed.pika,
);

onBothEngines(
  'amqp-tools',
  async (node: EngineNode) => {
    const queue = ['--queue', 'clients-tools'];
    const server = [`--url=${node.url}`];
    expect(await run('amqp-declare-queue', [...server, ...queue])).toEqual(['clients-tools']);
    for (const body of bodies)
      await run('amqp-publish', [...server, '-r', 'clients-tools', '-p', '-b', body]);
    expect(await run('amqp-get', [...server, ...queue])).toEqual(['one']);
    expect(await run('amqp-consume', [...server, ...queue, '-c', '2', '-p', '1', 'cat'])).toEqual([
      'twothree',
    ]);
    expect(await run('amqp-delete-queue', [...server, ...queue])).toEqual(['0']);
  },
  installed.amqpTools,
);
