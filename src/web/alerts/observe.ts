/** Asks the API for what the rules look at: all nodes, and the hundred deepest queues. */
import type { Api } from '../api.js';
import type { Node, Overview, Paged, Queue } from '../api-types.js';
import type { Observation } from './rules.js';

export interface Watched extends Observation {
  readonly overview: Overview;
}

const queueKeys = [
  'name',
  'vhost',
  'type',
  'node',
  'state',
  'consumers',
  'messages',
  'messages_details.rate',
  'slave_nodes',
  'synchronised_slave_nodes',
  'members',
  'online',
].join(',');

export async function observe(api: Api, monitors: boolean, signal: AbortSignal): Promise<Watched> {
  const [overview, nodes, queues] = await Promise.all([
    api.get<Overview>('overview', {}, signal),
    monitors ? api.get<Node[]>('nodes', {}, signal) : [],
    api.get<Paged<Queue>>(
      'queues',
      { page: 1, page_size: 100, sort: 'messages', sort_reverse: true, columns: queueKeys },
      signal,
    ),
  ]);
  return { overview, nodes, queues: queues.items };
}
