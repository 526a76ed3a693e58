/**
 * The application that runs in a node: everything that `rabbitmqctl stop_app` stops and `start_app` starts.
 *
 * Start: open the message store; let the cluster find its members, which loads the metadata; build the broker
 * on both and recover the queues that this node leads; tell the cluster that this node is up; then open the
 * plugins' listeners and, last, the one for clients. Each step that was done leaves its undoing on one stack, so
 * that stopping, and giving up a start that failed in the middle, is the same walk backwards.
 */
import type { ClusterPort } from '../cluster/cluster-port.js';
import type { NodeConfig } from '../config/node-config.js';
import { readEnabledPlugins } from '../config/plugins.js';
import { AmqpListener } from '../connection/listener.js';
import { createBroker, type NodeBroker } from '../core/broker.js';
import { clusterName } from '../core/metadata/cluster-name.js';
import type { Clock, Logger, MessageStore } from '../core/ports.js';
import type { Queue } from '../core/queue-port.js';
import type { ManagementFacts, ManagementPorts } from '../management/ports.js';
import { product } from '../product.js';
import { boundGarbage } from './collect-garbage.js';
import { importDefinitionsFile } from './definitions-file.js';
import { answerElsewhere, askElsewhere } from './elsewhere.js';
import { fileDescriptors } from './open-files.js';
import { Plugins } from './plugins.js';
import { answerReplies, remoteReplies } from './remote-replies.js';
import { Resources } from './resources.js';
import { shareAlarms } from './shared-alarms.js';

export interface ApplicationOptions {
  config: NodeConfig;
  cluster: ClusterPort;
  /** A new one for each start. */
  store: MessageStore;
  clock: Clock;
  logger: Logger;
  /** What the management API shows of this process. */
  facts(): ManagementFacts;
}

export class Application {
  readonly broker: NodeBroker;
  readonly resources: Resources;
  readonly plugins: Plugins;
  readonly amqp: AmqpListener;
  readonly #undo: Undo;

  /** Resolves when clients can connect. */
  static async start(options: ApplicationOptions): Promise<Application> {
    const undo: Undo = [];
    try {
      return await startSteps(options, undo);
    } catch (error) {
      await unwind(undo);
      throw error;
    }
  }

  constructor(parts: Pick<Application, 'broker' | 'resources' | 'plugins' | 'amqp'>, undo: Undo) {
    this.broker = parts.broker;
    this.resources = parts.resources;
    this.plugins = parts.plugins;
    this.amqp = parts.amqp;
    this.#undo = undo;
  }

  stop(): Promise<void> {
    return unwind(this.#undo);
  }
}

type Undo = (() => Promise<void> | void)[];

async function startSteps(options: ApplicationOptions, undo: Undo): Promise<Application> {
  const { config, cluster, store, clock, logger } = options;
  await store.open();
  undo.push(() => store.close());
  undo.push(() => cluster.stop());
  await cluster.start();
  const broker = await startBroker(options, undo);
  await cluster.up({ queue: (vhost, name) => ledQueue(broker, vhost, name) });

  if (config.loadDefinitions !== null) {
    await importDefinitionsFile(broker, config.loadDefinitions, config.nodeName);
  }
  const sharedAlarms = shareAlarms(broker.alarms, cluster.peers, broker.tables, logger);
  undo.push(() => sharedAlarms.stop());
  const { alarms } = broker;
  const resources = new Resources(config, alarms, clock, logger, {
    alarms: () => sharedAlarms.changed(),
    shortOfMemory: (short) => broker.shortOfMemory(short),
  });
  undo.push(() => resources.stop());
  resources.start();
  undo.push(boundGarbage(clock));
  store.onFailure((error) => resources.storeFailed(error));
  store.onRecovery(() => resources.storeRecovered());

  const plugins = new Plugins(
    config,
    managementPorts(broker, options, () => options.facts()),
  );
  undo.push(async () => void (await plugins.run([])));
  await plugins.run(readEnabledPlugins(config.enabledPluginsFile));

  const amqp = await startAmqp(broker, options, undo);
  return new Application({ broker, resources, plugins, amqp }, undo);
}

/** Stopping, the cluster goes first: the other nodes take over while the queues here still hold their messages. */
async function startBroker({ config, cluster, store, clock, logger }: ApplicationOptions, undo: Undo) {
  const { metadata, queueFactory } = cluster;
  const broker = createBroker({
    self: config.nodeName,
    metadata,
    store,
    queues: queueFactory,
    clock,
    logger,
    loopbackUsers: config.loopbackUsers,
    elsewhere: askElsewhere(cluster.peers, clock, logger),
  });
  answerElsewhere(cluster.peers, broker);
  undo.splice(undo.length - 1, 0, () => broker.stop());
  await broker.start();
  return broker;
}

function ledQueue(broker: NodeBroker, vhost: string, name: string): Queue | undefined {
  const queue = broker.vhost(vhost)?.queue(name);
  return queue?.row.leader === broker.node ? queue : undefined;
}

async function startAmqp(broker: NodeBroker, options: ApplicationOptions, undo: Undo): Promise<AmqpListener> {
  const { config, cluster, clock, logger } = options;
  const { socketsLimit } = fileDescriptors();
  const amqp = new AmqpListener({
    broker,
    config,
    clock,
    logger,
    product,
    clusterName: () => clusterName(broker.tables),
    replies: remoteReplies(cluster.peers, logger),
    ...(socketsLimit > 0 ? { mostConnections: socketsLimit } : {}),
  });
  answerReplies(cluster.peers, amqp);
  undo.push(() => amqp.close("broker forced connection closure with reason 'shutdown'"));
  await amqp.listen();
  for (const { address, port } of amqp.addresses()) {
    logger.info(`started TCP listener on ${address}:${port}`);
  }
  for (const { address, port } of amqp.secureAddresses()) {
    logger.info(`started TLS (SSL) listener on ${address}:${port}`);
  }
  return amqp;
}

function managementPorts(
  broker: NodeBroker,
  { cluster, clock, logger, config }: ApplicationOptions,
  facts: () => ManagementFacts,
): Omit<ManagementPorts, 'traces'> {
  const { http } = config.management;
  return { admin: broker, broker, peers: cluster.peers, http, clock, logger, facts };
}

async function unwind(undo: Undo): Promise<void> {
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
}
