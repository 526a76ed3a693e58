/**
 * The management HTTP API of one node: RabbitMQ's routes, answers and refusals. Loaded only where the
 * rabbitmq_management plugin is enabled. Every node answers for the whole cluster; it asks the others over
 * their links (`agent/`).
 */
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { getRequestListener } from '@hono/node-server';
import { agentAnswers } from './agent/agent.js';
import { Nodes } from './agent/ask.js';
import type { Api } from './api.js';
import { resources } from './controllers/index.js';
import { Access } from './http/access.js';
import { Attempts, basicAuthentication } from './http/authenticate.js';
import { type Authenticate, createRouter } from './http/router.js';
import { LoginThrottle } from './http/throttle.js';
import type { ManagementPorts } from './ports.js';
import { Sampler } from './statistics/sampler.js';

export interface Management {
  /** Resolves with the port when requests are taken; rejects with the socket's error (EADDRINUSE …). */
  listen(listener: { address: string; port: number }, tls?: SecureContextOptions): Promise<number>;
  /** Takes no requests until `resume`. */
  suspend(): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
}

/** Who does not send a whole request in this time is not heard; bodies have their own bound. */
const bounds = { headersTimeout: 10_000, requestTimeout: 120_000 };
/** More sockets than any page and any monitor need; AMQP's are counted apart. */
const mostSockets = 4_096;

export function createManagement(ports: ManagementPorts): Management {
  const sampler = new Sampler(ports.admin, ports.clock);
  const app = managementRouter(ports, sampler);
  const servers: { server: Server | SecureServer; address: string; port: number }[] = [];
  return {
    listen: ({ address, port }, tls) => {
      const answer = getRequestListener(app.fetch);
      const server =
        tls === undefined ? createServer(bounds, answer) : createSecureServer({ ...bounds, ...tls }, answer);
      server.maxConnections = mostSockets;
      const bound = listening(server, address, port);
      servers.push({ server, address, port });
      return bound;
    },
    suspend: async () => {
      await Promise.all(servers.map(({ server }) => closed(server)));
    },
    resume: async () => {
      const suspended = servers.filter(({ server }) => !server.listening);
      await Promise.all(suspended.map(({ server, address, port }) => listening(server, address, port)));
    },
    close: async () => {
      sampler.close();
      await Promise.all(servers.splice(0).map(({ server }) => closed(server)));
    },
  };
}

/** The routes over this node; `login` stands in the place of HTTP's own, in tests. */
export function managementRouter(ports: ManagementPorts, sampler: Sampler, login?: Authenticate) {
  const { admin, broker, facts } = ports;
  const attempts = new Attempts();
  const throttle = new LoginThrottle(ports.clock);
  const authenticate = login ?? attempts.counting(basicAuthentication(broker, throttle));
  const nodes = new Nodes(ports.peers, agentAnswers(ports, sampler, attempts));
  const api: Api = { admin, broker, nodes, access: new Access(admin), throttle, facts };
  return createRouter(resources(api), authenticate, ports.http, ports.logger);
}

function listening(server: Server | SecureServer, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function closed(server: Server | SecureServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
