/**
 * Watches copies of what an exchange routes, without disturbing it: a queue of our own is bound to it for as long
 * as somebody looks. Of a direct exchange that is the keys which are bound now, as nobody else's are routed.
 */
import { follow } from '../drivers/amqp/follow.js';
import type { ReceivedMessage } from '../drivers/amqp/received.js';
import type { ManagementApi } from '../drivers/management-api/client.js';
import { WarrenError } from '../errors/warren-error.js';
import { exchange, getObject } from './broker/objects.js';
import { type ContentFilter, contentMatches } from './content-filter.js';
import type { Surroundings } from './surroundings.js';
import { anyNode, tracedCluster } from './tracing/cluster.js';
import type { WatchTarget } from './watch/source.js';

export interface TapOptions extends WatchTarget {
  readonly vhost: string;
  readonly exchange: string;
  /** Binding keys; nothing: whatever it routes. */
  readonly keys?: readonly string[] | undefined;
  readonly filter: ContentFilter;
  readonly count?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly maxLength: number;
  onReady(keys: readonly string[]): void;
  onMessage(message: ReceivedMessage): void;
  onDropped(): void;
}

/** Each of them gives every queue that is bound its copy; others would give ours what is another's. */
const copying = ['direct', 'fanout', 'headers', 'topic'];

export async function tap(options: TapOptions, surroundings: Surroundings): Promise<void> {
  const cluster = await tracedCluster(options, surroundings);
  try {
    const node = anyNode(cluster);
    const keys = await keysOf(node.api, options);
    const { timeoutMs } = options;
    const timeout = timeoutMs === undefined ? [] : [AbortSignal.timeout(timeoutMs)];
    let shown = 0;
    await follow({
      url: node.amqp(options.vhost),
      name: 'warren tap',
      exchange: options.exchange,
      keys,
      maxLength: options.maxLength,
      signal: AbortSignal.any([surroundings.signal, ...timeout]),
      ready: async () => options.onReady(keys),
      onMessage: (message) => {
        if (!contentMatches(options.filter, message)) return true;
        options.onMessage(message);
        shown++;
        return options.count === undefined || shown < options.count;
      },
      onDropped: options.onDropped,
    });
  } finally {
    await cluster.close();
  }
}

async function keysOf(api: ManagementApi, { exchange: name, vhost, keys }: TapOptions): Promise<string[]> {
  if (name === '' || name === 'amq.default') throw WarrenError.of('TAP_DEFAULT', {});
  const object = exchange(name, vhost);
  const { type } = await getObject<{ type: string }>(api, object);
  if (!copying.includes(type)) throw WarrenError.of('TAP_SHARES', { exchange: name, type });
  if (keys !== undefined) return [...keys];
  if (type !== 'direct') return ['#'];
  const bindings = await api.get<{ routing_key: string }[]>(`${object.path}/bindings/source`);
  return [...new Set(bindings.map(({ routing_key: key }) => key))];
}
