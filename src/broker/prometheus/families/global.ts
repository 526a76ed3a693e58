/**
 * What went through this node since it started, whatever has gone meanwhile: the counters of the queues and virtual
 * hosts that are there, and of those that were. Deliveries are counted where the queue is led.
 */
import type { Admin } from '../../core/admin-port.js';
import type { ChannelEntry } from '../../core/broker-port.js';
import {
  addTo,
  type Deaths,
  type QueueCounters,
  queueCounters,
  type VhostCounters,
  vhostCounters,
} from '../../core/counters.js';
import { counter, type Family, gauge, type Labels, type MeasuredNode, type Metric } from '../family.js';

const amqp: Labels = { protocol: 'amqp091' };
const types = ['classic', 'quorum', 'stream'] as const;
const moduleOf = (type: string) => `rabbit_${type}_queue`;

const total = (name: string, help: string) => counter(`global_messages_${name}_total`, help);

function ofClients(metric: Metric, count: (admin: Admin) => number): Family {
  return {
    metrics: [metric],
    labelled: true,
    read: ({ admin }) => [{ labels: amqp, values: [count(admin)] }],
  };
}

function published(name: string, help: string, count: (counters: VhostCounters) => number): Family {
  return ofClients(total(name, help), (admin) => count(vhostsOf(admin)));
}

function delivered(name: string, help: string, count: (counters: QueueCounters) => number): Family {
  return {
    metrics: [total(name, help)],
    labelled: true,
    read: (node) => {
      const sums = queuesOf(node);
      return types.map((type) => ({
        labels: { ...amqp, queue_type: moduleOf(type) },
        values: [count(sums.get(type) ?? queueCounters())],
      }));
    },
  };
}

/** `of`: which kinds of queue give up on messages for this reason at all, and what becomes of them there. */
function buried(name: string, help: string, reason: keyof Deaths | null, of: [string, string[]][]): Family {
  return {
    metrics: [total(`dead_lettered_${name}`, help)],
    labelled: true,
    *read(node: MeasuredNode) {
      const sums = queuesOf(node);
      for (const [type, strategies] of of) {
        const counters = sums.get(type) ?? queueCounters();
        for (const strategy of strategies) {
          const kept = strategy === 'at_most_once' ? counters.deadLettered : counters.dropped;
          const count = reason === null || strategy === 'at_least_once' ? 0 : kept[reason];
          yield {
            labels: { queue_type: moduleOf(type), dead_letter_strategy: strategy },
            values: [count],
          };
        }
      }
    },
  };
}

const some = ['at_most_once', 'disabled'];
const every = ['at_least_once', ...some];

export const globals: Family[] = [
  ofClients(gauge('global_consumers', 'Current number of consumers'), (admin) =>
    channelsOf(admin, (channel) => channel.figures().consumer_count),
  ),
  // A queue counts what is rejected among its acknowledgements.
  delivered(
    'acknowledged',
    'Total number of messages acknowledged by consumers',
    (c) => c.ack - c.deadLettered.rejected - c.dropped.rejected,
  ),
  published('confirmed', 'Total number of messages confirmed to publishers', (c) => c.confirm),
  buried('confirmed', 'Total number of messages dead-lettered and confirmed by target queues', null, [
    ['quorum', ['at_least_once']],
  ]),
  buried(
    'delivery_limit',
    'Total number of messages dead-lettered due to delivery-limit exceeded',
    'delivery_limit',
    [['quorum', every]],
  ),
  buried('expired', 'Total number of messages dead-lettered due to message TTL exceeded', 'expired', [
    ['classic', some],
    ['quorum', every],
  ]),
  buried(
    'maxlen',
    'Total number of messages dead-lettered due to overflow drop-head or reject-publish-dlx',
    'maxlen',
    [
      ['classic', some],
      ['quorum', some],
    ],
  ),
  buried('rejected', 'Total number of messages dead-lettered due to basic.reject or basic.nack', 'rejected', [
    ['classic', some],
    ['quorum', every],
  ]),
  delivered(
    'delivered_consume_auto_ack',
    'Total number of messages delivered to consumers using basic.consume with automatic acknowledgment',
    (c) => c.deliverNoAck,
  ),
  delivered(
    'delivered_consume_manual_ack',
    'Total number of messages delivered to consumers using basic.consume with manual acknowledgment',
    (c) => c.deliver,
  ),
  delivered(
    'delivered_get_auto_ack',
    'Total number of messages delivered to consumers using basic.get with automatic acknowledgment',
    (c) => c.getNoAck,
  ),
  delivered(
    'delivered_get_manual_ack',
    'Total number of messages delivered to consumers using basic.get with manual acknowledgment',
    (c) => c.get,
  ),
  delivered(
    'delivered',
    'Total number of messages delivered to consumers',
    (c) => c.deliver + c.deliverNoAck + c.get + c.getNoAck,
  ),
  delivered('get_empty', 'Total number of times basic.get operations fetched no message', (c) => c.getEmpty),
  published(
    'received_confirm',
    'Total number of messages received from publishers expecting confirmations',
    (c) => c.publishConfirm,
  ),
  published('received', 'Total number of messages received from publishers', (c) => c.publish),
  delivered('redelivered', 'Total number of messages redelivered to consumers', (c) => c.redeliver),
  published('routed', 'Total number of messages routed to queues or streams', (c) => c.routed),
  published(
    'unroutable_dropped',
    'Total number of messages published as non-mandatory into an exchange and dropped as unroutable',
    (c) => c.dropUnroutable,
  ),
  published(
    'unroutable_returned',
    'Total number of messages published as mandatory into an exchange and returned to the publisher as unroutable',
    (c) => c.returnUnroutable,
  ),
  ofClients(gauge('global_publishers', 'Current number of publishers'), (admin) =>
    channelsOf(admin, ({ counters }) => Number(counters.publish > 0)),
  ),
];

function vhostsOf(admin: Admin): VhostCounters {
  const sum = vhostCounters();
  addTo(sum, admin.gone.vhosts);
  for (const vhost of admin.vhosts()) addTo(sum, vhost.counters);
  return sum;
}

/** Thirteen families of one answer read them: they are added up once for it. */
const added = new WeakMap<MeasuredNode, Map<string, QueueCounters>>();

function queuesOf(node: MeasuredNode): Map<string, QueueCounters> {
  const known = added.get(node);
  if (known !== undefined) return known;
  const sums = addQueues(node.admin);
  added.set(node, sums);
  return sums;
}

function addQueues(admin: Admin): Map<string, QueueCounters> {
  const sums = new Map<string, QueueCounters>();
  for (const type of types) {
    const sum = queueCounters();
    const gone = admin.gone.queues.get(type);
    if (gone !== undefined) addTo(sum, gone);
    sums.set(type, sum);
  }
  for (const vhost of admin.vhosts()) {
    for (const queue of vhost.localQueues()) {
      const sum = sums.get(queue.row.type);
      if (sum !== undefined) addTo(sum, queue.counters);
    }
  }
  return sums;
}

function channelsOf(admin: Admin, count: (channel: ChannelEntry) => number): number {
  let sum = 0;
  for (const connection of admin.connections.values()) {
    for (const channel of connection.channels()) sum += count(channel);
  }
  return sum;
}
