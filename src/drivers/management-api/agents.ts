import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Milliseconds. RabbitMQ closes a connection on which nothing was asked for a minute. One that is asked on in that very
 * moment has no answer, so none is used again that late.
 */
const idle = 10_000;

export async function socketAgent(protocol: string, maxSockets: number): Promise<Agent> {
  const options = { keepAlive: true, maxSockets, timeout: idle };
  return protocol === 'https:' ? new (await import('node:https')).Agent(options) : new Agent(options);
}

/** An agent takes a socket; what only a socket has is nothing to a channel. */
export function channelAgent(through: () => Promise<Duplex>, maxSockets: number): Agent {
  const agent = new Agent({ keepAlive: false, maxSockets });
  const socketOnly = { setTimeout() {}, setKeepAlive() {}, setNoDelay() {}, ref() {}, unref() {} };
  agent.createConnection = (_options, done) => {
    through().then(
      (channel) => done?.(null, Object.assign(channel, socketOnly)),
      (error: Error) => done?.(error, undefined as never),
    );
    return undefined;
  };
  return agent;
}
