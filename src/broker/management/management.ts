/**
 * The management HTTP API of one node: RabbitMQ's routes, answers and refusals. Loaded only where the
 * rabbitmq_management plugin is enabled. Every node answers for the whole cluster; it asks the others over
 * their links (`agent/`).
 */
import type { WebListeners } from '../config/node-config.js';
import { HttpListeners } from '../http/http-listeners.js';
import { agentAnswers } from './agent/agent.js';
import { Nodes } from './agent/ask.js';
import type { Api } from './api.js';
import { resources } from './controllers/index.js';
import { Access } from './http/access.js';
import { requestListener } from './http/answer.js';
import { basicAuthentication } from './http/authenticate.js';
import { type Authenticate, createRouter } from './http/router.js';
import { LoginThrottle } from './http/throttle.js';
import type { ManagementPorts } from './ports.js';
import { Sampler } from './statistics/sampler.js';

/** Rejects with the socket's error (EADDRINUSE …); nothing is left then. */
export async function startManagement(ports: ManagementPorts, listeners: WebListeners) {
  const sampler = new Sampler(ports.admin, ports.clock, ports.http.ratesMode);
  const http = new HttpListeners(requestListener(managementRouter(ports, sampler)));
  const close = async () => {
    sampler.close();
    await http.close();
  };
  await http.listen(listeners, ['http', 'https']).catch(async (error) => {
    await close();
    throw error;
  });
  return { listeners: http.open, suspend: () => http.suspend(), resume: () => http.resume(), close };
}

/** The routes over this node; `login` stands in the place of HTTP's own, in tests. */
export function managementRouter(ports: ManagementPorts, sampler: Sampler, login?: Authenticate) {
  const { admin, broker, facts } = ports;
  const throttle = new LoginThrottle(ports.clock);
  const authenticate = login ?? basicAuthentication(broker, throttle);
  const nodes = new Nodes(ports.peers, agentAnswers(ports, sampler));
  const api: Api = {
    admin,
    broker,
    nodes,
    access: new Access(admin),
    throttle,
    facts,
    ratesMode: ports.http.ratesMode,
  };
  return createRouter(resources(api), authenticate, ports.http, ports.logger);
}
