import { type ChildProcess, execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ended, freeBase, Warren } from '../commands/warren.js';
import { installed } from '../engines/engine.js';
import { until } from '../engines/until.js';

const run = promisify(execFile);

/** A cluster of an engine, the monitor beside it, and what it told. */
class Watched {
  readonly warren: Warren;
  readonly told: string;
  #monitor: ChildProcess | undefined;

  constructor(readonly name: string) {
    this.warren = new Warren();
    this.told = path.join(this.warren.state, 'told');
    writeFileSync(
      this.rules,
      `interval: 1s
rules:
  - { when: node_down, severity: critical }
  - { when: queue_depth, above: 100, clear: 50 }
  - { when: alarm, severity: critical }
  - { when: partition, severity: critical }
  - { when: file_descriptors, above: 80%, clear: 70% }
  - { when: unsynchronised_mirrors, queue: loose }
  - { when: quorum_at_risk }
receivers:
  - { name: file, command: [sh, -c, 'cat >> "$0"', '${this.told}'] }
`,
    );
  }

  get rules(): string {
    return path.join(this.warren.state, 'alerts.yaml');
  }

  async up(engine: string, nodes: number, ...more: string[]): Promise<void> {
    const base = String(await freeBase(nodes));
    const shape = ['--name', this.name, '--engine', engine, '-n', String(nodes), '--port-base', base];
    const args = ['up', ...shape, ...more];
    const { status, stderr } = await this.warren.run(args);
    expect(status, stderr).toBe(0);
  }

  /** Answers once it has put down its state, and so has looked. */
  async watch(): Promise<void> {
    const monitor = this.warren.start(['monitor', '--rules', this.rules]);
    this.#monitor = monitor;
    await new Promise<void>((resolve) =>
      monitor.stderr!.on('data', (text) => /Watching/.test(text) && resolve()),
    );
  }

  async killMonitor(): Promise<void> {
    if (!this.#monitor) return;
    const end = ended(this.#monitor);
    this.#monitor.kill('SIGKILL');
    await end;
    this.#monitor = undefined;
  }

  /** What was told of a subject, in order. */
  of(subject: string, rule?: string): string[] {
    if (!existsSync(this.told)) return [];
    // The last line may be half written.
    const lines = readFileSync(this.told, 'utf8').split('\n').slice(0, -1);
    const events = lines.map((line) => JSON.parse(line) as { event: string; subject: string; rule: string });
    const meant = events.filter(
      (one) => one.subject === subject && (rule === undefined || one.rule === rule),
    );
    return meant.map(({ event }) => event);
  }

  async tells(subject: string, events: readonly string[], rule?: string): Promise<void> {
    const told = () => this.of(subject, rule);
    await until(`${subject}: ${events}`, async () => told().length >= events.length);
    expect(told()).toEqual(events);
  }

  /** That nothing is under way any more when the monitor is killed. */
  async atRest(): Promise<void> {
    const file = path.join(this.warren.state, 'warren/monitor', `cluster-${this.name}.json`);
    await until('all is told', async () => JSON.parse(readFileSync(file, 'utf8')).outbox.length === 0);
  }

  rabbitmqctl(...args: string[]) {
    const tool = path.join(this.warren.state, 'warren/clusters', this.name, 'bin/rabbitmqctl');
    return run(tool, ['-n', `${this.name}-1@localhost`, ...args]);
  }

  async pid(name: string): Promise<number> {
    interface Ps {
      clusters: { nodes: { node: string; pid: number }[] }[];
    }
    const { clusters } = await this.warren.json<Ps>(['ps']);
    return clusters.flatMap(({ nodes }) => nodes).find(({ node }) => node === name)!.pid;
  }

  async destroy(): Promise<void> {
    await this.killMonitor();
    await this.warren.destroy();
  }
}

const publish = (count: number) => [
  'publish',
  '--queue',
  'deep',
  '--node',
  '1',
  '--count',
  String(count),
  'x',
];

describe('three bundled nodes', () => {
  const the = new Watched('mon');
  const { warren } = the;
  const node = (number: number) => `mon-${number}@localhost`;
  beforeAll(async () => {
    await the.up('bundled', 3);
    await the.watch();
  });
  afterAll(() => the.destroy());
  afterEach(() => the.atRest());

  test('a node that is killed is told once, and its return once, with the monitor killed in between', async () => {
    await warren.run(['node', 'kill', '2']);
    await the.tells(node(2), ['fired']);
    await the.atRest();
    await the.killMonitor();
    await the.watch();
    await warren.run(['node', 'start', '2']);
    await the.tells(node(2), ['fired', 'resolved']);
  });

  test('what begins and ends while the monitor is dead is not told; what still holds is', async () => {
    await the.killMonitor();
    await warren.run(publish(150));
    await the.watch();
    await the.tells('deep', ['fired']);
    await the.atRest();
    await the.killMonitor();
    await warren.run(['consume', '--queue', 'deep', '--node', '1', '--count', '120']);
    await the.watch();
    await the.tells('deep', ['fired', 'resolved']);
  });

  test('an alarm', async () => {
    await the.rabbitmqctl('set_vm_memory_high_watermark', 'absolute', '1');
    await the.tells(`memory on ${node(1)}`, ['fired']);
    await the.rabbitmqctl('set_vm_memory_high_watermark', '0.4');
    await the.tells(`memory on ${node(1)}`, ['fired', 'resolved']);
    await the.rabbitmqctl('set_disk_free_limit', '9999GB');
    await the.tells(`disk on ${node(1)}`, ['fired']);
    await the.rabbitmqctl('set_disk_free_limit', '50MB');
    await the.tells(`disk on ${node(1)}`, ['fired', 'resolved']);
  });

  test('a node that has nearly as many files open as it may', async () => {
    const pid = await the.pid(node(1));
    const open = readdirSync(`/proc/${pid}/fd`).length;
    const limit = (files: number) => run('prlimit', ['--pid', String(pid), `--nofile=${files}:`]);
    await limit(Math.ceil(open / 0.9));
    await the.tells(node(1), ['fired'], 'file_descriptors');
    await limit(1024);
    await the.tells(node(1), ['fired', 'resolved'], 'file_descriptors');
  });

  test('a node that hangs', async () => {
    await warren.run(['node', 'pause', '3']);
    await the.tells(node(3), ['fired']);
    await warren.run(['node', 'resume', '3']);
    await the.tells(node(3), ['fired', 'resolved']);
  });

  test('a quorum queue that has lost a member, and a mirror that comes back without its messages', async () => {
    const policy = '{"ha-mode":"all","ha-sync-mode":"manual"}';
    await the.rabbitmqctl(
      'set_policy',
      '--priority',
      '10',
      '--apply-to',
      'queues',
      'loose',
      '^loose$',
      policy,
    );
    await warren.run(['queue', 'declare', 'raft', '--type', 'quorum']);
    await warren.run(['publish', '--queue', 'loose', '--node', '1', '--count', '5', 'x']);
    await warren.run(['node', 'kill', '3']);
    await the.tells('raft', ['fired']);
    await warren.run(['node', 'start', '3']);
    await the.tells('raft', ['fired', 'resolved']);
    await the.tells('loose', ['fired']);
    await the.rabbitmqctl('sync_queue', 'loose');
    await the.tells('loose', ['fired', 'resolved']);
  });

  test('two monitors of one cluster would tell everything twice: the second is refused', async () => {
    const { status, stderr } = await warren.run(['monitor', '--once', '--rules', the.rules]);
    expect({ status, stderr }).toMatchObject({
      status: 75,
      stderr: expect.stringContaining('warren monitor'),
    });
  });

  test('health has the statuses of Nagios', async () => {
    expect(await warren.run(['health', '--nagios'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^RABBITMQ OK - cluster mon: 3 of 3 nodes up, .* \| 'nodes_up'=3;;;0;3 /),
    });
    await warren.run(publish(200));
    expect(await warren.run(['health', '--rules', the.rules])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('next: warren backlog --cluster mon'),
    });
    await warren.run(['node', 'kill', '2']);
    expect(await warren.run(['health'])).toMatchObject({
      status: 2,
      stdout: expect.stringContaining('next: warren node start mon-2 --cluster mon'),
    });
    expect(await warren.run(['health', '--cluster', 'nobody'])).toMatchObject({ status: 3 });
  });

  test('backlog says why, and top prints once on a pipe', async () => {
    const { queues } = await warren.json<{ queues: { queue: string; cause: string }[] }>([
      'backlog',
      '--over',
      '1',
    ]);
    expect(queues[0]).toMatchObject({ queue: 'deep', cause: 'no-consumers' });
    const { stdout } = await warren.run(['top']);
    expect(stdout).toMatch(/mon-2@localhost {2}down: its process does not run/);
    expect(stdout).toMatch(/^deep {3}mon-\d@localhost/m);
  });
});

describe.skipIf(!installed.rabbitmq)('two nodes of RabbitMQ', () => {
  const the = new Watched('real');
  const node = (number: number) => `real-${number}@localhost`;
  beforeAll(async () => {
    const file = path.join(the.warren.state, 'warren.yaml');
    writeFileSync(file, 'rabbitmq: { config: { net_ticktime: 4, cluster_partition_handling: ignore } }\n');
    await the.up('rabbitmq', 2, '--file', file);
  });
  afterAll(() => the.destroy());

  test('a deep queue, once each', async () => {
    await the.watch();
    await the.warren.run(publish(150));
    await the.tells('deep', ['fired']);
    await the.warren.run(['consume', '--queue', 'deep', '--count', '120']);
    await the.tells('deep', ['fired', 'resolved']);
  });

  test('nodes that have lost each other', async () => {
    await the.warren.run(['node', 'pause', '2']);
    const lost = async () => (await the.rabbitmqctl('cluster_status')).stdout.split('Running Nodes')[1]!;
    await until('node 1 has lost node 2', async () => !/real-2/.test((await lost()).split('Versions')[0]!));
    await the.warren.run(['node', 'resume', '2']);
    await the.tells(node(2), ['fired'], 'partition');
    await the.warren.run(['node', 'kill', '2']);
    await the.warren.run(['node', 'start', '2']);
    await the.tells(node(2), ['fired', 'resolved'], 'partition');
  });
});
