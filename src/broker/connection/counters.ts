/** What a channel did, for `message_stats` of listings and the management API. */
export interface Counters {
  publish: number;
  confirm: number;
  returnUnroutable: number;
  dropUnroutable: number;
  deliver: number;
  deliverNoAck: number;
  get: number;
  getNoAck: number;
  getEmpty: number;
  redeliver: number;
  ack: number;
}

export function newCounters(): Counters {
  return {
    publish: 0,
    confirm: 0,
    returnUnroutable: 0,
    dropUnroutable: 0,
    deliver: 0,
    deliverNoAck: 0,
    get: 0,
    getNoAck: 0,
    getEmpty: 0,
    redeliver: 0,
    ack: 0,
  };
}

/** RabbitMQ's names; `deliver_get` is the sum of all four ways to get a message. */
export function messageStats(counters: Counters): Record<string, number> {
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
