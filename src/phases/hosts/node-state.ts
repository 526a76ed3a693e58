import type { HostFacts, NodeData } from '../../drivers/host-facts/facts.js';
import { nodePort } from './ports.js';

/** Whether a RabbitMQ node runs on the host, by its service or by hand. */
export function runs(facts: HostFacts): boolean {
  return serviceRuns(facts) || strayNode(facts) !== undefined;
}

export function serviceRuns(facts: HostFacts): boolean {
  const service = facts.services.get('rabbitmq-server');
  return service?.active === 'active' || service?.active === 'activating';
}

/** Its service has said that it is ready; one that boots has not. */
export function booted(facts: HostFacts): boolean {
  return facts.services.get('rabbitmq-server')?.active === 'active' || strayNode(facts) !== undefined;
}

/** A node that was started by something else than its service. */
export function strayNode(facts: HostFacts): { readonly pid: number } | undefined {
  if (serviceRuns(facts)) return undefined;
  return facts.listeners.find(({ port, program }) => port === nodePort && /^beam/.test(program));
}

export function installed(facts: HostFacts): boolean {
  return facts.packages.has('rabbitmq-server');
}

/** The node's own data, if it has ever been started. */
export function dataOf(facts: HostFacts, nodeName: string): NodeData | undefined {
  return facts.data.find(({ node }) => node === nodeName);
}
