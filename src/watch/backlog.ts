import { rate } from './figures.js';
import type { Clients, QueueState, Snapshot } from './snapshot.js';

/** Why a queue is as long as it is. */
type Cause =
  | 'no-consumers'
  | 'not-acknowledging'
  | 'prefetch-exhausted'
  | 'slow-consumers'
  | 'queue-down'
  | 'none';

export interface Backlog {
  readonly vhost: string;
  readonly queue: string;
  readonly messages: number | undefined;
  readonly ready: number | undefined;
  readonly unacknowledged: number | undefined;
  readonly consumers: number | undefined;
  readonly trend: 'grows' | 'drains' | 'stands' | 'unknown';
  /** Messages a second; undefined until it is known. */
  readonly growth: number | undefined;
  readonly incoming: number | undefined;
  readonly outgoing: number | undefined;
  readonly cause: Cause;
  readonly why: string;
  /** At these rates: when it is empty, or when it is as long as it may be. */
  readonly emptyInMs: number | undefined;
  readonly fullInMs: number | undefined;
  readonly fullAt: string | undefined;
}

/** Slower than this, a queue is said to stand: rates of a few seconds tremble. */
const trembling = 0.05;

/** Every queue that holds messages or grows, the fastest growing first. */
export function backlogs(snapshot: Snapshot): Backlog[] {
  return (snapshot.queues ?? [])
    .filter(
      ({ messages, rates, state }) => messages !== 0 || (rates.growth ?? 0) > trembling || state === 'down',
    )
    .map((queue) => backlogOf(queue, snapshot))
    .sort(
      (left, right) =>
        (right.growth ?? 0) - (left.growth ?? 0) || (right.messages ?? 0) - (left.messages ?? 0),
    );
}

function backlogOf(queue: QueueState, { clients }: Snapshot): Backlog {
  const { vhost, name, messages, ready, unacknowledged, consumers, rates } = queue;
  const { growth, published, acknowledged, taken } = rates;
  const outgoing =
    acknowledged === undefined && taken === undefined ? undefined : (acknowledged ?? 0) + (taken ?? 0);
  const [cause, why] = reason(queue, { outgoing, clients });
  return {
    vhost,
    queue: name,
    messages,
    ready,
    unacknowledged,
    consumers,
    trend: trendOf(growth),
    growth,
    incoming: published,
    outgoing,
    cause,
    why,
    emptyInMs:
      growth !== undefined && growth < -trembling && messages ? (messages * 1000) / -growth : undefined,
    ...full(queue),
  };
}

function trendOf(growth: number | undefined): Backlog['trend'] {
  if (growth === undefined) return 'unknown';
  if (growth > trembling) return 'grows';
  return growth < -trembling ? 'drains' : 'stands';
}

interface Around {
  readonly outgoing: number | undefined;
  readonly clients: Clients | undefined;
}

function reason(queue: QueueState, { outgoing = 0, clients }: Around): [Cause, string] {
  const { messages = 0, ready = 0, unacknowledged = 0, consumers = 0, state, rates } = queue;
  if (queue.messages === undefined) return ['queue-down', `it is ${state}: nobody can use it`];
  if (consumers === 0 && messages > 0) return ['no-consumers', 'no consumer takes them'];
  const full = exhausted(queue, clients);
  if (unacknowledged > 0 && outgoing < trembling && (full || ready === 0)) {
    return ['not-acknowledging', `${count(consumers)} hold ${unacknowledged} and acknowledge none`];
  }
  if (full && ready > 0) {
    return [
      'prefetch-exhausted',
      `${count(consumers)} hold as many as their prefetch allows (${full.prefetch} in all), and acknowledge ${rate(outgoing)}: more consumers, or a greater prefetch if they wait on the network`,
    ];
  }
  const { published = 0, growth = 0 } = rates;
  if (growth > trembling || (ready > 0 && published > outgoing)) {
    return ['slow-consumers', `${rate(published)} come in, and ${count(consumers)} take ${rate(outgoing)}`];
  }
  return [
    'none',
    ready > 0 ? `${count(consumers)} take ${rate(outgoing)}` : 'all are on their way to consumers',
  ];
}

/** Whether every consumer that acknowledges has as many unacknowledged as its channel allows. */
function exhausted(
  { vhost, name }: QueueState,
  clients: Clients | undefined,
): { readonly prefetch: number } | undefined {
  const mine = clients?.consumers.filter((one) => one.vhost === vhost && one.queue === name) ?? [];
  if (mine.length === 0 || !clients) return undefined;
  const allowed = (channel: string) =>
    clients.consumers
      .filter((one) => one.channel === channel)
      .reduce((sum, { prefetch }) => sum + prefetch, 0);
  const all = mine.every(
    ({ acknowledges, prefetch, channel, unacknowledged = 0 }) =>
      acknowledges && prefetch > 0 && unacknowledged >= allowed(channel),
  );
  return all ? { prefetch: mine.reduce((sum, { prefetch }) => sum + prefetch, 0) } : undefined;
}

/** At what length it takes no more, or drops, and how far that is. */
function full(queue: QueueState): Pick<Backlog, 'fullInMs' | 'fullAt'> {
  const { messages, bytes, maxLength, maxBytes, rates } = queue;
  const { growth } = rates;
  if (messages === undefined) return { fullInMs: undefined, fullAt: undefined };
  const byBytes = maxBytes !== undefined && bytes ? (maxBytes / bytes) * messages : Number.POSITIVE_INFINITY;
  const limit = Math.min(maxLength ?? Number.POSITIVE_INFINITY, byBytes);
  if (limit === Number.POSITIVE_INFINITY) return { fullInMs: undefined, fullAt: undefined };
  const fullAt = limit === maxLength ? `${maxLength} messages` : `${maxBytes} bytes`;
  if (messages >= limit) return { fullInMs: 0, fullAt };
  const soon = growth !== undefined && growth > trembling;
  return { fullInMs: soon ? ((limit - messages) * 1000) / growth : undefined, fullAt };
}

function count(consumers: number): string {
  return consumers === 1 ? '1 consumer' : `${consumers} consumers`;
}
