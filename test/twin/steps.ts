/**
 * Scenarios as tables: methods by name with their fields, one after the other, each with its answer or the refusal
 * that ends the channel or the connection. No step waits for time to pass.
 */
import type { RawClient } from './raw-client.js';
import type { Scenario } from './twin.js';

type Fields = Record<string, unknown>;

/** A method with its fields; or `publish`, with fields, a body and properties; or `awaits METHOD`; or frames as they are. */
export type Step =
  | readonly [method: string, fields?: Fields]
  | readonly ['publish', fields: Fields, body?: string, properties?: Fields]
  | Buffer;

/** Steps on one channel; what comes after a refusal is not sent. */
export function inTurn(...steps: Step[]): Scenario {
  return async (t) => {
    const raw = await t.rawChannel();
    for (const step of steps) if (raw.refusals === 0) await take(raw, step, 1);
    if (raw.refusals === 0) await hear(raw, 1);
  };
}

/** Steps that have nothing to do with each other: each on a channel of its own, after a refused connection on a new one. */
export function each(...steps: Step[]): Scenario {
  return async (t) => {
    let raw: RawClient | undefined;
    for (const [index, step] of steps.entries()) {
      const channel = index + 1;
      if (raw === undefined || raw.refused || !raw.isOpen) {
        raw = await t.raw();
        await raw.handshake(t.vhost);
      }
      await raw.openChannel(channel);
      await take(raw, step, channel);
      if (!isAnswered(step)) await hear(raw, channel);
    }
  };
}

/** Octets for a channel that is not open: RabbitMQ ends the connection for them beside what it does on channel 1. */
export function fatal(...bytes: Buffer[]): Scenario {
  return async (t) => {
    const raw = await t.rawChannel();
    raw.send(...bytes);
    await raw.until('ConnectionClose');
  };
}

/** Octets on an open channel 1, and what becomes of it. */
export function octets(...bytes: Buffer[]): Scenario {
  return async (t) => {
    const raw = await t.rawChannel();
    raw.send(...bytes);
    await hear(raw, 1);
  };
}

async function take(raw: RawClient, step: Step, channel: number): Promise<void> {
  if (Buffer.isBuffer(step)) raw.send(step);
  else if (step[0].startsWith('awaits '))
    await raw.until(step[0].slice(7), 'ChannelClose', 'ConnectionClose');
  else if (step[0] === 'publish') {
    const [, fields = {}, body = '', properties = {}] = step as readonly [string, Fields?, string?, Fields?];
    raw.publish(channel, fields, Buffer.from(body), properties);
  } else if (isAnswered(step)) await raw.ask(step[0], step[1], channel);
  else raw.method(step[0], channel, step[1]);
}

/** What has no answer of its own was heard of before this one is answered. */
function hear(raw: RawClient, channel: number): Promise<void> {
  return raw.ask('BasicQos', {}, channel);
}

function isAnswered(step: Step): boolean {
  return !Buffer.isBuffer(step) && step[1]?.nowait !== true && !withoutAnswer.has(step[0]);
}

const withoutAnswer = new Set(['publish', 'BasicAck', 'BasicNack', 'BasicReject', 'BasicRecoverAsync']);

// Steps of class basic, and the queue that they are about.

export const queue = (name: string, args = {}): Step => ['QueueDeclare', { queue: name, arguments: args }];
export const to = (routingKey: string, body = routingKey, properties = {}, fields = {}): Step => [
  'publish',
  { exchange: '', routingKey, ...fields },
  body,
  properties,
];
export const get = (name: string, noAck = true): Step => ['BasicGet', { queue: name, noAck }];
export const consume = (name: string, fields = {}): Step => [
  'BasicConsume',
  { queue: name, consumerTag: 'c', ...fields },
];
export const ack = (deliveryTag: number, multiple = false): Step => ['BasicAck', { deliveryTag, multiple }];
export const nack = (deliveryTag: number, fields = {}): Step => ['BasicNack', { deliveryTag, ...fields }];
export const reject = (deliveryTag: number, requeue: boolean): Step => [
  'BasicReject',
  { deliveryTag, requeue },
];
