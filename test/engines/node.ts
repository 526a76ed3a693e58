/**
 * One node of an engine, as a real process. Everything it writes is below its
 * own folder, its HOME (for the cookie) is shared with the nodes of its cluster,
 * and its node's name and ports are nobody else's. It is stopped by the process
 * id in its pid file, never by name.
 *
 * A specification is plain data, so that vitest can hand it from the global
 * set-up to the workers; a node is made from it wherever it is needed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import type { Engine } from './engine.js';
import type { Ports } from './ports.js';
import { until } from './until.js';

export interface NodeSpecification {
  readonly engine: Engine;
  /** The part before the @. */
  readonly shortName: string;
  readonly ports: Ports;
  /** HOME, with the cookie. */
  readonly home: string;
  /** More lines of rabbitmq.conf. */
  readonly configuration?: readonly string[];
  /** More variables, or others than the node has by itself. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Enabled from the start. */
  readonly plugins?: readonly string[];
}

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const host = os.hostname().split('.')[0] ?? 'localhost';

/** Milliseconds; on a machine with much else to do RabbitMQ takes more than a minute. */
const bootPatience = 180_000;

export class EngineNode {
  constructor(readonly specification: NodeSpecification) {}

  get name(): string {
    return `${this.specification.shortName}@${host}`;
  }

  get folder(): string {
    return path.join(this.specification.home, this.specification.shortName);
  }

  get configFile(): string {
    return path.join(this.folder, 'rabbitmq.conf');
  }

  get pidFile(): string {
    return path.join(this.folder, 'pid');
  }

  /** What it has written to its log. */
  get log(): string {
    const file = path.join(this.folder, 'log', `${this.name}.log`);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** Where clients connect: `amqp://guest:guest@127.0.0.1:5672`. */
  get url(): string {
    return `amqp://guest:guest@127.0.0.1:${this.specification.ports.amqp}`;
  }

  get environment(): Record<string, string> {
    const { home, ports } = this.specification;
    return {
      PATH: `${this.specification.engine.folder}:${process.env.PATH}`,
      HOME: home,
      XDG_RUNTIME_DIR: home,
      LANG: 'C.UTF-8',
      RABBITMQ_NODENAME: this.specification.shortName,
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_NODE_PORT: String(ports.amqp),
      RABBITMQ_DIST_PORT: String(ports.distribution),
      RABBITMQ_MNESIA_BASE: path.join(this.folder, 'mnesia'),
      RABBITMQ_LOG_BASE: path.join(this.folder, 'log'),
      RABBITMQ_ENABLED_PLUGINS_FILE: path.join(this.folder, 'enabled_plugins'),
      RABBITMQ_CONFIG_FILE: this.configFile,
      RABBITMQ_PID_FILE: this.pidFile,
      RABBITMQ_CONSOLE_LOG: path.join(this.folder, 'console'),
      ERL_CRASH_DUMP_SECONDS: '0',
      ...(process.env.WARREN_COVERAGE && { NODE_V8_COVERAGE: process.env.WARREN_COVERAGE }),
      ...this.specification.environment,
    };
  }

  async writeFiles(): Promise<void> {
    const { plugins = ['rabbitmq_management'] } = this.specification;
    await mkdir(this.folder, { recursive: true });
    const lines = [
      `management.tcp.port = ${this.specification.ports.management}`,
      'management.tcp.ip = 127.0.0.1',
      `prometheus.tcp.port = ${this.specification.ports.metrics}`,
      'prometheus.tcp.ip = 127.0.0.1',
      ...(this.specification.configuration ?? []),
    ];
    await writeFile(this.configFile, `${lines.join('\n')}\n`);
    await writeFile(path.join(this.folder, 'enabled_plugins'), `[${plugins.join(',')}].\n`);
  }

  async start(): Promise<void> {
    await this.writeFiles();
    await this.boot();
  }

  /** Starts it again on the files it has; resolves once AMQP and HTTP answer. */
  async boot(): Promise<void> {
    await rm(this.pidFile, { force: true });
    const { status, stderr } = await this.run('rabbitmq-server', '-detached');
    if (status !== 0) throw new Error(`${this.name} did not start (status ${status}): ${stderr}`);
    const { amqp, management } = this.specification.ports;
    const serves = async () => (await Promise.all([answers(amqp), answers(management)])).every(Boolean);
    await until(`${this.name} serves AMQP on ${amqp} and HTTP on ${management}`, serves, bootPatience);
  }

  /** Starts it in the foreground where it must not come up, and tells what it said, on its console and in its log. */
  async complaint(environment: Record<string, string> = {}): Promise<string> {
    const server = path.join(this.specification.engine.folder, 'rabbitmq-server');
    const { all, timedOut } = await execa(server, [], {
      cwd: this.folder,
      env: { ...this.environment, ...environment },
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
      all: true,
      timeout: 180_000,
    });
    const said = `${all}\n${this.log}`;
    if (timedOut) throw new Error(`${this.name} came up though it must not: ${said}`);
    return said;
  }

  /** One of the engine's executables with this node's environment. */
  async run(tool: string, ...args: string[]): Promise<Outcome> {
    const { exitCode, stdout, stderr, originalMessage } = await execa(
      path.join(this.specification.engine.folder, tool),
      args,
      {
        cwd: this.folder,
        env: this.environment,
        extendEnv: false,
        stdin: 'ignore',
        reject: false,
        timeout: 180_000,
      },
    );
    return { status: exitCode ?? -1, stdout: stdout ?? '', stderr: stderr || (originalMessage ?? '') };
  }

  ctl(...args: string[]): Promise<Outcome> {
    return this.run('rabbitmqctl', ...args);
  }

  /** The HTTP API, as guest. */
  async api(method: string, route: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`http://127.0.0.1:${this.specification.ports.management}/api/${route}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from('guest:guest').toString('base64')}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text && text.startsWith('<') === false ? JSON.parse(text) : text,
    };
  }

  get pid(): number | undefined {
    const text = existsSync(this.pidFile) ? readFileSync(this.pidFile, 'utf8').trim() : '';
    return /^\d+$/.test(text) ? Number(text) : undefined;
  }

  get isRunning(): boolean {
    return this.pid !== undefined && isAlive(this.pid);
  }

  /** SIGTERM: a clean stop. */
  stop(): Promise<void> {
    return this.signal('SIGTERM');
  }

  /** kill -9: a power-off for this one process. */
  kill(): Promise<void> {
    return this.signal('SIGKILL');
  }

  private async signal(signal: NodeJS.Signals): Promise<void> {
    const { pid } = this;
    if (pid === undefined || !isAlive(pid)) return;
    process.kill(pid, signal);
    await until(`process ${pid} of ${this.name} is gone after ${signal}`, async () => !isAlive(pid));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
