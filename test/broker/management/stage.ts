/** A management API over the broker core of one node, in this process. */

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { defaultHttp } from '../../../src/broker/config/http-settings.js';
import type { NodeConfig } from '../../../src/broker/config/node-config.js';
import { AmqpListener } from '../../../src/broker/connection/listener.js';
import type { Peers } from '../../../src/broker/core/ports.js';
import { startManagement } from '../../../src/broker/management/management.js';
import type { ManagementFacts, ManagementPorts } from '../../../src/broker/management/ports.js';
import { Traces } from '../../../src/broker/tracing/traces.js';
import { NODE, startBroker, type TestBroker } from '../core/test-broker.js';

export interface Stage extends TestBroker {
  ports: ManagementPorts;
  port: number;
  /** Where AMQP clients connect. */
  amqpPort: number;
  node: string;
  close(): Promise<void>;
}

const alone: Peers = {
  links: () => [],
  self: NODE,
  running: () => [NODE],
  call: () => Promise.reject(new Error('no other node is there')),
  answer: () => {},
};

export async function stage(plugins: readonly string[] = [], http = defaultHttp()): Promise<Stage> {
  const test = await startBroker();
  const { broker, clock, store } = test;
  for (const plugin of plugins) broker.plugins.add(plugin);
  const directory = await mkdtemp(path.join(os.tmpdir(), 'warren-traces-'));
  const syncing = setInterval(() => store.sync(), 5);
  const logger = {
    debug: ignore,
    info: ignore,
    warning: ignore,
    error: (line: string) => void test.log.push(line),
  };
  let port = 0;
  const traces = new Traces({
    admin: broker,
    broker,
    clock,
    logger,
    directory,
    login: { username: 'guest', password: 'guest' },
  });
  const ports: ManagementPorts = {
    admin: broker,
    broker,
    peers: alone,
    http,
    clock,
    logger,
    facts: () => facts(port),
    traces: () => traces,
  };
  const amqp = await amqpListener(test);
  const listeners = { listeners: [{ address: '127.0.0.1', port: 0 }], ssl: [], tls: null };
  const management = await startManagement(ports, listeners);
  port = management.listeners[0]?.port ?? 0;
  return {
    ...test,
    ports,
    port,
    amqpPort: amqp.addresses()[0]?.port ?? 0,
    node: NODE,
    close: async () => {
      clearInterval(syncing);
      await traces.close();
      await management.close();
      await Promise.all([amqp.close('the test ends'), clock.advance(2000)]);
      broker.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function amqpListener({ broker, clock }: TestBroker): Promise<AmqpListener> {
  const config = {
    amqp: { listeners: [{ address: '127.0.0.1', port: 0 }], ssl: [], tls: null, proxyProtocol: false },
    authMechanisms: ['PLAIN', 'AMQPLAIN'],
    heartbeat: 60,
    frameMax: 131072,
    channelMax: 2047,
    handshakeTimeout: 10_000,
  } as unknown as NodeConfig;
  const logger = { debug: ignore, info: ignore, warning: ignore, error: ignore };
  const product = { name: 'Warren', version: '0.0.0', compatibleWith: '3.10.8' };
  const listener = new AmqpListener({ broker, config, clock, logger, product, clusterName: () => NODE });
  await listener.listen();
  return listener;
}

const ignore = () => {};

function facts(port: number): ManagementFacts {
  return {
    productVersion: '0.0.0',
    pid: 1234,
    startedAt: 0,
    listeners: [
      { protocol: 'amqp', address: '127.0.0.1', port: 5672 },
      { protocol: 'clustering', address: '127.0.0.1', port: 25672 },
      { protocol: 'http', address: '127.0.0.1', port },
    ],
    plugins: { enabled: ['rabbitmq_management'] },
    configFile: '/nowhere/rabbitmq.conf',
    dataDirectory: '/nowhere',
    logFiles: ['/nowhere/log'],
    memory: { rss: 100, heapUsed: 10, heapTotal: 20, external: 30, limit: 1000 },
    disk: { free: 5000, limit: 50 },
    fileDescriptors: { used: 20, limit: 1024, socketsUsed: 1, socketsLimit: 921 },
    partitions: {},
    netTicktime: 60,
  };
}
