/** Many queues, bindings, connections and channels: made as fast as the broker answers. */
import { connect } from './connection.js';
import { longString, method, publish } from './frames.js';

const NO_ARGUMENTS = longString('');
const DECLARE_OK = (50 << 16) | 11;
const BIND_OK = (50 << 16) | 21;
const MAKERS = 4;

/** Durable queues many-0, many-1 … */
export function declareQueues(port, count) {
  return pipelined(port, count, DECLARE_OK, (number) =>
    method(1, 50, 10, [0, 2], `many-${number}`, 2, NO_ARGUMENTS),
  );
}

/** Each with a routing key of its own, spread over the queues. */
export async function bindQueues(port, exchange, queues, count) {
  const connection = await connect({ port });
  await connection.call(method(1, 40, 10, [0, 2], exchange, 'topic', 2, NO_ARGUMENTS), 40, 11);
  connection.close();
  await pipelined(port, count, BIND_OK, (number) =>
    method(1, 50, 20, [0, 2], `many-${number % queues}`, exchange, `shop.${number}.*.sold`, 0, NO_ARGUMENTS),
  );
}

/** Opens connections with so many channels each; answers what closes them. */
export async function openConnections(port, count, channels) {
  const connections = [];
  for (let from = 0; from < count; from += 50) {
    const some = Array.from({ length: Math.min(50, count - from) }, () => withChannels(port, channels));
    connections.push(...(await Promise.all(some)));
  }
  return () => {
    for (const connection of connections) connection.close();
  };
}

/** Messages a second through an exchange to one queue that takes them, for a while; no more than `limit`. */
export async function routedRate(
  port,
  exchange,
  routingKey,
  queue,
  seconds,
  limit = Number.POSITIVE_INFINITY,
) {
  const [publisher, consumer] = [await connect({ port }), await connect({ port })];
  await consumer.call(method(1, 50, 10, [0, 2], queue, 0, NO_ARGUMENTS), 50, 11);
  await consumer.call(method(1, 50, 20, [0, 2], queue, exchange, routingKey, 0, NO_ARGUMENTS), 50, 21);
  let published = 0;
  let consumed = 0;
  let stopped = false;
  const block = Buffer.concat(new Array(50).fill(publish(1, exchange, routingKey, Buffer.alloc(16, 120))));
  const start = performance.now();
  const pump = () => {
    const due = ((performance.now() - start) * limit) / 1000 + 50;
    while (!stopped && published - consumed < 2000 && published < due) {
      published += 50;
      publisher.write(block);
    }
  };
  consumer.onMethod = (id) => {
    if (id === ((60 << 16) | 60)) consumed++;
  };
  consumer.socket.on('data', pump);
  await consumer.call(method(1, 60, 20, [0, 2], queue, 't', 2, NO_ARGUMENTS), 60, 21);
  const began = performance.now();
  const ticks = setInterval(pump, 20);
  pump();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const rate = (consumed * 1000) / (performance.now() - began);
  stopped = true;
  clearInterval(ticks);
  await consumer.call(method(1, 50, 40, [0, 2], queue, 0), 50, 41);
  publisher.close();
  consumer.close();
  return rate;
}

async function withChannels(port, channels) {
  const connection = await connect({ port });
  for (let number = 2; number <= channels; number++) {
    await connection.call(method(number, 20, 10, ''), 20, 11);
  }
  return connection;
}

/** Requests one behind the other on a few connections; ends with the last answer. */
async function pipelined(port, count, answer, request) {
  const makers = await Promise.all(Array.from({ length: MAKERS }, () => connect({ port })));
  let answered = 0;
  await new Promise((resolve, reject) => {
    for (const [index, connection] of makers.entries()) {
      connection.expect(0, 0).catch(reject);
      connection.onMethod = (id) => {
        if (id === answer && ++answered === count) resolve();
      };
      const requests = [];
      for (let number = index; number < count; number += MAKERS) requests.push(request(number));
      for (let from = 0; from < requests.length; from += 500) {
        connection.write(Buffer.concat(requests.slice(from, from + 500)));
      }
    }
  });
  for (const connection of makers) connection.close();
}
