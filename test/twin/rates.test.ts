/**
 * Rates of the HTTP API against messages that were counted, on both engines: while they flow, and when they have stopped.
 *
 * RabbitMQ's rate is the difference of two samples by the seconds between them, five of its own; the bounds are
 * as wide as the moment of the samples makes them, and narrow enough for a wrong unit or a wrong interval. It shows
 * each rate for only a part of every five seconds, and 0 in the rest; which part differs between what is published and
 * what is delivered, by the moments at which its collectors were started, so that they may never be seen together.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type Channel, connect } from 'amqplib';
import { describe, inject, it } from 'vitest';
import { EngineNode, type NodeSpecification } from '../engines/node.js';
import { until } from '../engines/until.js';

const twins = inject('twins');
const specifications = twins ? [twins.bundled, twins.rabbitmq] : [];

type Rates = Record<string, number>;

describe.skipIf(!twins).each(specifications)('rates of $engine.name', (specification: NodeSpecification) => {
  const node = new EngineNode(specification);

  it('are what was published, delivered and acknowledged', { timeout: 600_000 }, async () => {
    const connection = await connect(node.url);
    try {
      const channel = await connection.createChannel();
      const { queue } = await channel.assertQueue('rates', { exclusive: true });
      await channel.consume(queue, (message) => message && channel.ack(message));
      const flow = steadily(channel, queue);
      const names = ['publish', 'deliver', 'ack', 'deliver_get'];
      const untilEach = async (what: string, holds: (rate: number) => boolean, where: string) => {
        for (const name of names) {
          let rates: Rates = {};
          await until(
            `${node.name}: ${what}: ${name}`,
            async () => {
              rates = await ratesOf(node, where);
              return holds(rates[name] ?? Number.NaN);
            },
            undefined,
            () => `: ${JSON.stringify({ rates, counted: flow.rate() })}`,
          );
        }
      };
      const near = (rate: number) => rate > flow.rate() / 2 && rate < flow.rate() * 2;
      const ofQueue = `queues/%2F/${queue}`;
      await untilEach("the queue's rates are what was counted", near, ofQueue);
      await untilEach('those of all queues are, too', near, 'overview');
      await flow.stop();
      await untilEach('the rates are 0 again', (rate) => rate === 0, ofQueue);
    } finally {
      await connection.close();
    }
  });
});

async function ratesOf(node: EngineNode, route: string): Promise<Rates> {
  const { body } = await node.api('GET', route);
  const stats = (body as { message_stats?: Record<string, unknown> }).message_stats ?? {};
  return Object.fromEntries(
    Object.entries(stats).flatMap(([name, value]) => {
      const rate = (value as { rate?: number }).rate;
      return name.endsWith('_details') && rate !== undefined ? [[name.replace('_details', ''), rate]] : [];
    }),
  );
}

/** Publishes all the time, and counts what it published in the last ten seconds: a busy machine is slow for a while. */
function steadily(channel: Channel, queue: string) {
  const published: number[] = [];
  let going = true;
  const begun = performance.now();
  const done = (async () => {
    while (going) {
      for (let count = 0; count < 20; count++) channel.sendToQueue(queue, Buffer.from('x'));
      published.push(performance.now());
      await pause(50);
    }
  })();
  return {
    rate() {
      const now = performance.now();
      const seconds = Math.min(10, (now - begun) / 1000);
      return (20 * published.filter((when) => when > now - seconds * 1000).length) / seconds;
    },
    async stop() {
      going = false;
      await done;
    },
  };
}
