/** What a channel did, for `message_stats` of listings and the management API. */
import type { ChannelCounters } from '../core/counters.js';

/** RabbitMQ's names; `deliver_get` is the sum of all four ways to get a message. */
export function messageStats(counters: ChannelCounters): Record<string, number> {
  return {
    ack: counters.ack,
    confirm: counters.confirm,
    deliver: counters.deliver,
    deliver_get: counters.deliver + counters.deliverNoAck + counters.get + counters.getNoAck,
    deliver_no_ack: counters.deliverNoAck,
    drop_unroutable: counters.dropUnroutable,
    get: counters.get,
    get_empty: counters.getEmpty,
    get_no_ack: counters.getNoAck,
    publish: counters.publish,
    redeliver: counters.redeliver,
    return_unroutable: counters.returnUnroutable,
  };
}
