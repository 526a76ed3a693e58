/**
 * One node: the process that holds a name and a distribution port, in which the application is started and
 * stopped. This file and `node/` compose the rooms of the broker; nothing else sees them all.
 *
 * What tools ask for (`NodeControl`) is done one after the other: a `start_app` that comes while `stop_app` still
 * works waits for it. While the application does not run, name, port and tools' answers stay.
 */
import { join } from 'node:path';
import { systemClock } from './clock.js';
import { Cluster } from './cluster/cluster.js';
import { ClusterError, type ClusterPort } from './cluster/cluster-port.js';
import { Registry, runtimeFolder } from './cluster/registry.js';
import type { Listener, LogLevel, NodeConfig } from './config/node-config.js';
import { readEnabledPlugins, writeEnabledPlugins } from './config/plugins.js';
import { answerControl } from './control/control.js';
import { type AppState, ControlError, type NodeControl, type NodeFacts } from './control/node-control.js';
import type { Logger } from './core/ports.js';
import { Application } from './node/application.js';
import { canConnect } from './node/can-connect.js';
import { collectGarbage } from './node/collect-garbage.js';
import { nodeFacts } from './node/facts.js';
import { force, forgetForce, isForced } from './node/force-load.js';
import { lastKnown } from './node/last-known.js';
import { NodeMessageStore } from './node/message-store.js';
import { refusedAsControlError } from './node/refusals.js';
import { seed } from './node/seed.js';
import { FileMetadataLog } from './storage/metadata-log.js';

export interface NodeOptions {
  config: NodeConfig;
  logger: Logger & { setLevel(level: LogLevel): void };
  /** Told once, after the node was stopped by a tool or lost its cluster for good. */
  stopped(): void;
  /** Ends a start that waits for other nodes: it is rejected. */
  signal?: AbortSignal;
}

export class BrokerNode implements NodeControl {
  readonly node: string;
  readonly #options: NodeOptions;
  readonly #cluster: ClusterPort;
  readonly #store: NodeMessageStore;
  readonly #startedAt = systemClock.now();
  readonly #enabledPlugins: () => string[];
  #application: Application | null = null;
  #app: AppState = 'stopped';
  #work: Promise<unknown> = Promise.resolve();
  #ending = false;

  /** Resolves when clients can connect. Rejects with what kept it from starting; nothing is left then. */
  static async start(options: NodeOptions): Promise<BrokerNode> {
    const node = new BrokerNode(options);
    options.signal?.addEventListener('abort', () => {
      node.#ending = true;
    });
    await node.#cluster.listen();
    try {
      await node.startApp();
    } catch (error) {
      await node.#cluster.close();
      throw error;
    }
    return node;
  }

  private constructor(options: NodeOptions) {
    const { config, logger } = options;
    this.#options = options;
    this.node = config.nodeName;
    this.#enabledPlugins = lastKnown(() => readEnabledPlugins(config.enabledPluginsFile));
    const { mnesia } = config.directories;
    this.#store = new NodeMessageStore(mnesia, systemClock, logger);
    this.#cluster = new Cluster({
      self: config.nodeName,
      cookie: config.cookie,
      registry: new Registry(runtimeFolder(process.env)),
      distribution: config.distribution,
      tickTime: config.tickTime,
      amqpPort: config.amqp.listeners[0]?.port ?? null,
      peers: config.peers,
      clock: systemClock,
      logger,
      metadataLog: new FileMetadataLog({ directory: join(mnesia, 'metadata'), logger }),
      messageStore: this.#store,
      seed: (metadata) => seed(metadata, config),
      forced: () => isForced(mnesia),
      ending: () => this.#ending,
    });
    this.#cluster.onLost((reason) => void this.#lost(reason));
    answerControl({ peers: this.#cluster.peers, node: this, admin: () => this.#application?.broker ?? null });
  }

  get app(): AppState {
    return this.#app;
  }

  facts(): NodeFacts {
    return nodeFacts(this.#app, {
      config: this.#options.config,
      startedAt: this.#startedAt,
      application: this.#application,
      cluster: this.#cluster,
      enabledPlugins: this.#enabledPlugins,
    });
  }

  /** SIGTERM's way, too. */
  shutdown(): Promise<void> {
    this.#ending = true;
    return this.#inTurn(async () => {
      await this.#stopApplication();
      await this.#cluster.close();
      this.#options.stopped();
    });
  }

  async stop(): Promise<void> {
    setImmediate(() => void this.shutdown());
  }

  stopApp(): Promise<void> {
    return this.#inTurn(() => this.#stopApplication());
  }

  startApp(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#application !== null) return;
      this.#app = 'starting';
      try {
        this.#application = await this.#startApplication();
        this.#app = 'running';
        forgetForce(this.#options.config.directories.mnesia);
      } catch (error) {
        this.#app = 'stopped';
        throw error;
      }
    });
  }

  reset(force: boolean): Promise<void> {
    return this.#whileStopped(async () => {
      await this.#cluster.reset(force);
      await this.#store.wipe();
    });
  }

  join(seedNode: string, type: 'disc' | 'ram'): Promise<'joined' | 'already_member'> {
    return this.#whileStopped(async () => {
      const outcome = await this.#cluster.join(seedNode, type);
      if (outcome === 'joined') await this.#store.wipe();
      return outcome;
    });
  }

  forget(node: string, offline: boolean): Promise<void> {
    return this.#inTurn(() => refusedAsControlError(this.#cluster.forget(node, offline)));
  }

  members() {
    return this.#cluster.members();
  }

  async setPlugins(enabled: string[]): Promise<{ started: string[]; stopped: string[] }> {
    writeEnabledPlugins(this.#options.config.enabledPluginsFile, enabled);
    return (await this.#application?.plugins.run(enabled)) ?? { started: [], stopped: [] };
  }

  setMemoryHighWatermark(watermark: NodeConfig['memoryHighWatermark']): void {
    const resources = this.#running.resources;
    resources.memoryWatermark = watermark;
    resources.checkMemory();
  }

  setDiskFreeLimit(limit: NodeConfig['diskFreeLimit']): void {
    const resources = this.#running.resources;
    resources.diskLimit = limit;
    resources.checkDisk();
  }

  forceBoot(): Promise<void> {
    return this.#whileStopped(async () => force(this.#options.config.directories.mnesia));
  }

  async suspendListeners(): Promise<void> {
    const { amqp, plugins } = this.#running;
    amqp.suspend();
    await plugins.suspend();
  }

  async resumeListeners(): Promise<void> {
    const { amqp, plugins } = this.#running;
    await Promise.all([amqp.resume(), plugins.resume()]);
  }

  setLogLevel(level: LogLevel): void {
    this.#options.logger.setLevel(level);
  }

  collectGarbage(): void {
    collectGarbage();
  }

  peersConfigured(): string[] {
    return this.#options.config.peers;
  }

  connectTo(listener: Listener): Promise<boolean> {
    return canConnect(listener);
  }

  get #running(): Application {
    if (this.#application === null) {
      throw new ControlError('app_not_running', `the application of ${this.node} is stopped`);
    }
    return this.#application;
  }

  /** As in RabbitMQ, a node comes back by itself unless `cluster_partition_handling` is `ignore`. */
  async #lost(reason: string): Promise<void> {
    const { config, logger } = this.#options;
    const returns = config.partitionHandling !== 'ignore';
    const next = returns ? 'and started again' : "until 'rabbitmqctl start_app'";
    logger.error(`${reason}: the application is stopped ${next}`);
    await this.stopApp();
    if (!returns) return;
    await this.startApp().catch((error: Error) => {
      logger.error(`the application did not start again: ${error.message}`);
    });
  }

  /** Again and again, for as long as it finds its cluster, and loses it before it is up. */
  async #startApplication(): Promise<Application> {
    const { config, logger } = this.#options;
    for (;;) {
      try {
        return await Application.start({
          config,
          cluster: this.#cluster,
          store: this.#store,
          clock: systemClock,
          logger,
          facts: () => this.facts(),
        });
      } catch (error) {
        if (!(error instanceof ClusterError && error.code === 'lost')) throw error;
        logger.warning(`${error.message}: the application is started anew`);
      }
    }
  }

  async #stopApplication(): Promise<void> {
    const application = this.#application;
    if (application === null) return;
    this.#app = 'stopping';
    this.#application = null;
    try {
      await application.stop();
    } finally {
      this.#app = 'stopped';
    }
  }

  #whileStopped<T>(work: () => Promise<T>): Promise<T> {
    return this.#inTurn(() => {
      if (this.#app !== 'stopped') {
        throw new ControlError('app_running', `the application of ${this.node} is running`);
      }
      return refusedAsControlError(work());
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => {});
    return done;
  }
}
