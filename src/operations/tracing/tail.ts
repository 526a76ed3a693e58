/**
 * Shows what is published and delivered while it happens. Tracing is turned on where it was off, and off again at
 * the end, there only; should this process be killed, the next `warren trace …` does that.
 */

import { follow } from '../../drivers/amqp/follow.js';
import type { ReceivedMessage } from '../../drivers/amqp/received.js';
import { addPending, thisProcess } from '../../drivers/local-state/pending-traces.js';
import { type ContentFilter, contentMatches } from '../content-filter.js';
import type { Surroundings } from '../surroundings.js';
import { anyNode, type TracedCluster } from './cluster.js';
import { letGo, wantedNodes } from './expiry.js';
import { checkVhost, switchTracing, tracingOf } from './switch.js';
import { type TraceOptions, withCluster } from './trace.js';

interface TailFilter extends ContentFilter {
  readonly exchange?: string | undefined;
  readonly queue?: string | undefined;
  readonly routingKey?: RegExp | undefined;
}

export interface TailOptions extends TraceOptions {
  readonly filter: TailFilter;
  readonly count?: number | undefined;
  /** How long to follow. */
  readonly timeoutMs?: number | undefined;
  readonly maxLength: number;
  onReady(turnedOn: readonly string[]): void;
  onTrace(trace: Traced): void;
  onDropped(): void;
}

interface Traced {
  readonly type: 'published' | 'received';
  readonly node: string;
  readonly vhost: string;
  readonly connection: string;
  readonly channel: number;
  readonly user: string;
  readonly exchange: string;
  readonly routingKeys: readonly string[];
  /** Where it was delivered from; nothing where it was published. */
  readonly queue?: string | undefined;
  readonly routedQueues?: readonly string[] | undefined;
  readonly redelivered?: boolean | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

export async function tail(options: TailOptions, surroundings: Surroundings): Promise<number> {
  return withCluster(options, surroundings, async (cluster) => {
    await checkVhost(cluster, options.vhost);
    const { timeoutMs } = options;
    const timeout = timeoutMs === undefined ? [] : [AbortSignal.timeout(timeoutMs)];
    const signal = AbortSignal.any([surroundings.signal, ...timeout]);
    let shown = 0;
    let restore: (() => Promise<void>) | undefined;
    try {
      await follow({
        url: anyNode(cluster).amqp(options.vhost),
        name: 'warren trace tail',
        exchange: 'amq.rabbitmq.trace',
        keys: bindingKeys(options.filter),
        maxLength: options.maxLength,
        signal,
        ready: async () => {
          const turned = await turnOn(cluster, options.vhost, surroundings);
          restore = turned.restore;
          options.onReady(turned.nodes);
        },
        onMessage: (message) => {
          const traced = read(message);
          if (!matches(options.filter, traced)) return true;
          options.onTrace(traced);
          shown++;
          return options.count === undefined || shown < options.count;
        },
        onDropped: options.onDropped,
      });
    } finally {
      await restore?.();
    }
    return shown;
  });
}

/** What another `tail` or `--for` turned on stays on until this one has ended, too. */
async function turnOn(cluster: TracedCluster, vhost: string, surroundings: Surroundings) {
  const before = await tracingOf(cluster);
  const off = before.filter(({ vhosts }) => vhosts?.[vhost] === false).map(({ node }) => node);
  const wanted = await wantedNodes(surroundings, cluster, vhost);
  const nodes = [...new Set([...off, ...wanted])];
  if (nodes.length === 0) return { nodes: [], restore: async () => {} };
  const mine = { ...cluster.target, vhost, nodes, owner: thisProcess() };
  const pending = await addPending(surroundings.state, mine);
  const turned = cluster.nodes.filter(({ node }) => off.includes(node));
  if (turned.length > 0) await switchTracing(cluster, vhost, true, turned);
  return {
    nodes: off,
    restore: async () => {
      await letGo(pending, cluster, surroundings);
    },
  };
}

/** As narrow as one key can say it; `matches` does the rest. */
function bindingKeys({ exchange, queue }: TailFilter): string[] {
  const published = exchange === undefined || /[*#]/.test(exchange) ? 'publish.#' : `publish.${exchange}`;
  const delivered = queue === undefined || /[*#]/.test(queue) ? 'deliver.#' : `deliver.${queue}`;
  return [published, delivered];
}

/** The key is `publish.EXCHANGE` or `deliver.QUEUE`. */
function read({ routingKey: key, properties, body }: ReceivedMessage): Traced {
  const headers = (properties.headers ?? {}) as Record<string, unknown>;
  const published = key.startsWith('publish.');
  const texts = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
  return {
    type: published ? 'published' : 'received',
    node: String(headers.node ?? ''),
    vhost: String(headers.vhost ?? ''),
    connection: String(headers.connection ?? ''),
    channel: Number(headers.channel ?? 0),
    user: String(headers.user ?? ''),
    exchange: String(headers.exchange_name ?? ''),
    routingKeys: texts(headers.routing_keys),
    ...(published
      ? { routedQueues: texts(headers.routed_queues) }
      : { queue: key.slice('deliver.'.length), redelivered: headers.redelivered === 1 }),
    properties: (headers.properties ?? {}) as Record<string, unknown>,
    body,
  };
}

function matches({ exchange, queue, routingKey, ...content }: TailFilter, traced: Traced): boolean {
  if (exchange !== undefined && traced.exchange !== exchange) return false;
  if (queue !== undefined && traced.queue !== queue && !traced.routedQueues?.includes(queue)) return false;
  if (routingKey && !traced.routingKeys.some((key) => routingKey.test(key))) return false;
  return contentMatches(content, traced);
}
