/** Clients and frameworks in Ruby, Python, PHP, Java and Go, as their users run them. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect } from 'vitest';
import { installed } from '../engines/engine.js';
import type { EngineNode } from '../engines/node.js';
import { onBothEngines } from './on-both-engines.js';

const at = (file: string) => path.join(import.meta.dirname, file);
const bodies = ['one', 'two', 'three'];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'warren-clients-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(command: string, args: string[], env: Record<string, string> = {}): Promise<string[]> {
  const { stdout } = await execa(command, args, { timeout: 180_000, cwd: folder, env });
  return stdout.split('\n');
}

const portOf = (node: EngineNode) => String(node.specification.ports.amqp);

onBothEngines(
  'bunny',
  async (node) => {
    const refusal =
      "PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'clients-bunny' in vhost '/': received 'false' but current is 'true'";
    expect(await run('/usr/bin/ruby', [at('bunny-client.rb'), portOf(node)])).toEqual([
      'confirmed true',
      ...bodies.map((body) => `received ${body} hare.${body} ${body}`),
      'dead two rejected',
      refusal,
      'left 0',
    ]);
  },
  installed.bunny,
);

onBothEngines(
  'php-amqp',
  async (node) => {
    expect(await run('/usr/bin/php', [at('php-amqp-client.php'), portOf(node)])).toEqual([
      'confirmed 3',
      'returned 312 NO_ROUTE',
      ...bodies.map((body) => `received ${body} ${body}`),
      'left 0',
    ]);
  },
  installed.phpAmqp,
);

onBothEngines(
  'celery and kombu',
  async (node) => {
    const env = { BROKER: node.url, PYTHONPATH: import.meta.dirname, PYTHONDONTWRITEBYTECODE: '1' };
    const options = ['--pool=solo', '--loglevel=error', '--without-mingle', '-E'];
    const worker = execa('/usr/bin/python3', ['-m', 'celery', '-A', 'celery_app', 'worker', ...options], {
      cwd: folder,
      env,
      reject: false,
      stdio: 'ignore',
    });
    try {
      expect(await run('/usr/bin/python3', [at('celery-client.py')], env)).toEqual([
        'sum 5',
        'retries 2',
        'chain 113',
        'group [0, 2, 4, 6, 8]',
        'kombu one application/x-gzip',
        'left 0',
      ]);
    } finally {
      worker.kill('SIGTERM');
      await worker;
    }
  },
  installed.celery,
);

onBothEngines(
  'java',
  async (node) => {
    const libraries = ['amqp-client', 'slf4j-api', 'slf4j-nop'].map((name) => `/usr/share/java/${name}.jar`);
    const args = ['-XX:TieredStopAtLevel=1', '-cp', libraries.join(':'), at('JavaClient.java'), portOf(node)];
    expect(await run('/usr/bin/java', args)).toEqual([
      'confirmed',
      ...bodies.map((body) => `received ${body} ${body} ${2 ** 40} [1, two]`),
      'answer erah',
      'left 0',
      'gone',
    ]);
  },
  installed.java,
);

onBothEngines(
  'amqp091-go',
  async (node) => {
    const env = {
      GO111MODULE: 'off',
      GOPATH: '/usr/share/gocode',
      GOCACHE: path.join(os.tmpdir(), 'warren-go-cache'),
      GOFLAGS: '-gcflags=-N',
    };
    expect(await run('/usr/bin/go', ['run', at('go-client.go'), portOf(node)], env)).toEqual([
      ...bodies.map((body) => `confirmed ${body} true`),
      'returned NO_ROUTE',
      ...bodies.map((body) => `received ${body} ${body} map[in:[true 5]]`),
      'left 0',
      'cancelled go',
      `Exception (404) Reason: "NOT_FOUND - no queue 'clients-go' in vhost '/'"`,
      '404',
    ]);
  },
  installed.go,
);
