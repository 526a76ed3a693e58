/**
 * A bundled node in this process with its own home and registry, and the tools run beside it as functions: what
 * they print and their exit status are what a user would see.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultHttp } from '../../../src/broker/config/http-settings.js';
import { loadConfig } from '../../../src/broker/config/load-config.js';
import { BrokerNode } from '../../../src/broker/node.js';
import { runTool } from '../../../src/broker/tools/main.js';

export const host = hostname().replace(/\..*$/, '');

export interface Printed {
  status: number;
  stdout: string;
  stderr: string;
}

const silent = { debug() {}, info() {}, warning() {}, error() {}, setLevel() {} };

export class Stage {
  readonly home = mkdtempSync(join(tmpdir(), 'tools-'));
  readonly #nodes = new Map<string, BrokerNode>();
  readonly #runtime = process.env.WARREN_RUNTIME_DIR;

  constructor(private readonly plugins: readonly string[] = []) {
    process.env.WARREN_RUNTIME_DIR = join(this.home, 'run');
  }

  environment(more: Record<string, string> = {}): Record<string, string> {
    return {
      HOME: this.home,
      WARREN_RUNTIME_DIR: join(this.home, 'run'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(this.home, 'enabled_plugins'),
      ...more,
    };
  }

  /** `name` is short. */
  async start(name: string): Promise<BrokerNode> {
    writeFileSync(join(this.home, 'enabled_plugins'), `[${this.plugins.join(',')}].\n`);
    const config = loadConfig(this.environment({ RABBITMQ_NODENAME: name }));
    const free = { address: '127.0.0.1', port: 0 };
    const node = await BrokerNode.start({
      config: {
        ...config,
        amqp: { listeners: [free], ssl: [], tls: null, proxyProtocol: false },
        management: { listeners: [free], ssl: [], tls: null, http: defaultHttp() },
        distribution: free,
      },
      logger: silent,
      stopped: () => this.#nodes.delete(name),
    });
    this.#nodes.set(name, node);
    return node;
  }

  async run(
    tool: string,
    argv: readonly string[],
    input = '',
    more: Record<string, string> = {},
  ): Promise<Printed> {
    let stdout = '';
    let stderr = '';
    const status = await runTool(tool, {
      argv,
      env: this.environment(more),
      output: {
        out: (text) => {
          stdout += text;
        },
        error: (text) => {
          stderr += text;
        },
      },
      readInput: async () => input,
    });
    return { status, stdout, stderr };
  }

  ctl(name: string, ...argv: string[]): Promise<Printed> {
    return this.run('rabbitmqctl', ['-n', name, ...argv]);
  }

  amqpPort(name: string): number {
    const listener = this.#nodes
      .get(name)!
      .facts()
      .listeners.find(({ protocol }) => protocol === 'amqp');
    return listener!.port;
  }

  async close(): Promise<void> {
    for (const node of [...this.#nodes.values()]) await node.shutdown();
    rmSync(this.home, { recursive: true, force: true });
    if (this.#runtime === undefined) delete process.env.WARREN_RUNTIME_DIR;
    else process.env.WARREN_RUNTIME_DIR = this.#runtime;
  }
}
