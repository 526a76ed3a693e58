import type { ApiQueue } from '../../drivers/management-api/types.js';
import { WarrenError } from '../../errors/warren-error.js';
import { apiOf } from './api.js';
import { type Broker, brokersOf, type HostsContext } from './context.js';

/** What goes with a node, in words: the queues that no other node has a synchronised copy of. */
export async function onlyOn(context: HostsContext, nodeName: string): Promise<string[]> {
  const queues = (await queuesOf(context)).filter((queue) => dependsOn(queue, nodeName));
  if (queues.length === 0) return [];
  const messages = queues.reduce((sum, queue) => sum + (queue.messages ?? 0), 0);
  const what = queues.length === 1 ? `queue ${queues[0]!.name}` : `${queues.length} queues`;
  return [`${what} with ${messages === 1 ? '1 message' : `${messages} messages`}`];
}

/** Every queue as some running node's API tells; nothing where no API takes our login. */
export async function queuesOf(context: HostsContext): Promise<readonly ApiQueue[]> {
  const { login } = context.view;
  const member = memberThatRuns(context);
  if (!login || !member) return [];
  const api = apiOf(context, member, login);
  // The figures of queues come from all nodes, and one that is silent would make them wait.
  const figures = context.view.silent.size === 0 ? '' : '?disable_stats=true';
  try {
    return await api.get<ApiQueue[]>(`/queues${figures}`, context.patienceMs);
  } catch (error) {
    if (error instanceof WarrenError) return [];
    throw error;
  } finally {
    api.close();
  }
}

export function memberThatRuns(context: HostsContext, besides?: string): Broker | undefined {
  return brokersOf(context).find(
    ({ name, nodeName }) => nodeName !== besides && context.view.nodes.get(name)?.by !== undefined,
  );
}

function dependsOn(queue: ApiQueue, nodeName: string): boolean {
  const leader = queue.leader ?? queue.node;
  const copies = queue.synchronised_slave_nodes ?? queue.members ?? [];
  return leader === nodeName && copies.every((node) => node === nodeName);
}
