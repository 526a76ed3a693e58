/** A listener on a free loopback port, with a fake broker behind it. */

import { systemClock } from '../../../src/broker/clock.js';
import type { NodeConfig } from '../../../src/broker/config/node-config.js';
import { AmqpListener } from '../../../src/broker/connection/listener.js';
import type { Broker } from '../../../src/broker/core/broker-port.js';
import type { Clock, Logger } from '../../../src/broker/core/ports.js';
import { FakeBroker } from './fake-broker.js';

/** Time that stands still until the test moves it. */
export class ManualClock implements Clock {
  #now = 1_700_000_000_000;
  #timers = new Set<{ at: number; callback: () => void }>();

  now(): number {
    return this.#now;
  }
  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#now = due.at;
      due.callback();
    }
    this.#now = end;
  }
}

export function collectingLogger(lines: string[]): Logger {
  const write = (level: string) => (line: string) => {
    lines.push(`${level} ${line}`);
  };
  return { debug: write('debug'), info: write('info'), warning: write('warning'), error: write('error') };
}

export interface Served {
  broker: FakeBroker;
  listener: AmqpListener;
  port: number;
  log: string[];
}

export async function serve(
  options: {
    clock?: Clock;
    config?: Partial<NodeConfig>;
    broker?: Broker;
    port?: number;
    mostConnections?: number;
  } = {},
): Promise<Served> {
  const broker = (options.broker ?? new FakeBroker()) as FakeBroker;
  const log: string[] = [];
  const config = {
    amqp: {
      listeners: [{ address: '127.0.0.1', port: options.port ?? 0 }],
      ssl: [],
      tls: null,
      proxyProtocol: false,
    },
    authMechanisms: ['PLAIN', 'AMQPLAIN'],
    heartbeat: 60,
    frameMax: 131072,
    channelMax: 2047,
    handshakeTimeout: 10_000,
    maxMessageSize: 134_217_728,
    connectionMax: null,
    consumerTimeout: null,
    ...options.config,
  } as unknown as NodeConfig;
  const listener = new AmqpListener({
    broker,
    config,
    clock: options.clock ?? systemClock,
    logger: collectingLogger(log),
    product: { name: 'Warren', version: '0.1.0', compatibleWith: '3.10.8' },
    clusterName: () => 'fake@host',
    ...(options.mostConnections === undefined ? {} : { mostConnections: options.mostConnections }),
  });
  await listener.listen();
  return { broker, listener, port: listener.addresses()[0]!.port, log };
}
