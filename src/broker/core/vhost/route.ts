import type { ExchangeRoute } from '../broker-port.js';
import type { Message } from '../message.js';
import type { Queue } from '../queue-port.js';
import type { Exchange } from './exchange.js';
import type { Vhost } from './vhost.js';

/** What a channel keeps to publish to one exchange. */
export class Route implements ExchangeRoute {
  readonly name: string;

  constructor(
    private readonly vhost: Vhost,
    private readonly exchange: Exchange,
    readonly checkTopic: ((routingKey: string) => void) | null,
  ) {
    this.name = exchange.name;
  }

  route(message: Message): readonly Queue[] {
    const queues = this.vhost.route(this.exchange, message);
    this.vhost.counters.publish++;
    this.vhost.counters.routed += queues.length;
    this.exchange.counters.publishIn++;
    this.exchange.counters.publishOut += queues.length;
    return queues;
  }
}
