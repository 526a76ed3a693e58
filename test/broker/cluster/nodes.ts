/** Several nodes in one process: real links over loopback, logs in memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster } from '../../../src/broker/cluster/cluster.js';
import type { ClusterOptions, LedQueues } from '../../../src/broker/cluster/cluster-port.js';
import { Registry } from '../../../src/broker/cluster/registry.js';
import type { Change, Transaction } from '../../../src/broker/core/metadata/rows.js';
import { Tables } from '../../../src/broker/core/metadata/tables.js';
import type { Clock, Logger, MetadataLog } from '../../../src/broker/core/ports.js';
import { memoryMessageStore } from './memory-message-store.js';

export const clock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** A disk that survives the node: after `freeze` nothing is written any more, as after kill -9. */
export class MemoryLog implements MetadataLog {
  #tables: Tables | null = null;
  #frozen = false;

  constructor(from?: MemoryLog) {
    if (from !== undefined && from.#tables !== null) {
      this.#tables = new Tables();
      this.#tables.replace(from.#tables.sequence, from.#tables.snapshot());
    }
  }

  freeze(): void {
    this.#frozen = true;
  }

  async load() {
    if (this.#tables === null) return null;
    return { sequence: this.#tables.sequence, changes: this.#tables.snapshot() };
  }

  async append(transaction: Transaction): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (this.#frozen) return;
    this.#tables ??= new Tables();
    this.#tables.apply(transaction);
  }

  async replace(sequence: number, changes: Change[]): Promise<void> {
    if (this.#frozen) return;
    this.#tables = new Tables();
    this.#tables.replace(sequence, changes);
  }

  async wipe(): Promise<void> {
    this.#tables = null;
  }

  async close(): Promise<void> {}
}

export interface Node {
  name: string;
  cluster: Cluster;
  log: MemoryLog;
  options: ClusterOptions;
  lost: string[];
}

export class Nodes {
  readonly folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  readonly registry = new Registry(this.folder);
  readonly nodes = new Map<string, Node>();
  readonly logged: string[] = [];
  peers: string[] = [];
  seeded = 0;

  make(name: string, log = new MemoryLog(), overrides: Partial<ClusterOptions> = {}): Node {
    const say = (line: string) => void this.logged.push(`${name}: ${line}`);
    const logger: Logger = { debug: say, info: say, warning: say, error: say };
    const options: ClusterOptions = {
      self: name,
      cookie: 'COOKIE',
      registry: this.registry,
      distribution: { address: '127.0.0.1', port: 0 },
      amqpPort: null,
      peers: this.peers,
      clock,
      logger,
      metadataLog: log,
      messageStore: memoryMessageStore(),
      seed: async (metadata) => {
        this.seeded++;
        await metadata.submit('global_parameter.set', { name: 'seeded_by', value: name });
      },
      ...overrides,
    };
    const node: Node = { name, cluster: new Cluster(options), log, options, lost: [] };
    node.cluster.onLost((reason) => node.lost.push(reason));
    this.nodes.set(name, node);
    return node;
  }

  async start(node: Node, queues?: LedQueues): Promise<void> {
    await node.cluster.listen();
    await this.comeUp(node, queues);
  }

  async comeUp(node: Node, queues: LedQueues = { queue: () => undefined }): Promise<void> {
    await anewWhenLost(node, async () => {
      await node.cluster.start();
      await node.cluster.up(queues);
    });
  }

  /** As kill -9: the links end, nothing is said, nothing is written any more. Answers what is left on disk. */
  async kill(node: Node): Promise<MemoryLog> {
    node.log.freeze();
    const left = new MemoryLog(node.log);
    for (const name of this.nodes.keys()) if (name !== node.name) node.cluster.block(name);
    this.nodes.delete(node.name);
    await node.cluster.close();
    return left;
  }

  async close(): Promise<void> {
    for (const node of this.nodes.values()) node.log.freeze();
    for (const node of [...this.nodes.values()]) await this.kill(node);
    rmSync(this.folder, { recursive: true });
  }
}

/** As a node comes up: from the beginning when it loses its cluster before it is. */
export async function anewWhenLost(node: Node, comeUp: () => Promise<void>): Promise<void> {
  try {
    await comeUp();
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'lost') throw error;
    await node.cluster.stop();
    await anewWhenLost(node, comeUp);
  }
}

/** The rows of a node in one comparable form. */
export function rowsOf(node: Node): unknown {
  const { tables } = node.cluster.metadata;
  return Object.fromEntries(
    Object.entries(tables.rows).map(([table, rows]) => [
      table,
      [...(rows as Map<string, unknown>)].sort(([a], [b]) => (a < b ? -1 : 1)),
    ]),
  );
}

export async function eventually<T>(what: () => T | Promise<T>, good: (value: T) => boolean): Promise<T> {
  for (let i = 0; ; i++) {
    const value = await what();
    if (good(value) || i > 400) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
