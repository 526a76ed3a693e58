/**
 * Limits of virtual hosts and users count the clients of every node: where one is set, the other nodes are asked.
 * One that does not answer in time counts as having none, so that no client waits for a node that hangs.
 */
import type { Broker } from '../core/broker-port.js';
import type { Clock, Logger, Peers } from '../core/ports.js';
import { addUsage, channelsOf, connectionsOf, type Elsewhere, noUsage } from '../core/usage.js';

const patience = 1000;

export function askElsewhere(peers: Peers, clock: Clock, logger: Logger): Elsewhere {
  const ask = async <T>(node: string, question: string, args: object, none: T): Promise<T> => {
    try {
      return (await inTime(clock, peers.call(node, question, args))) as T;
    } catch (error) {
      logger.warning(`limits: clients of ${node} are not counted: ${(error as Error).message}`);
      return none;
    }
  };
  const askAll = <T>(question: string, args: object, none: T): Promise<T[]> | null => {
    const others = peers.running().filter((node) => node !== peers.self);
    return others.length === 0 ? null : Promise.all(others.map((node) => ask(node, question, args, none)));
  };
  return {
    connections: (vhost, user) =>
      askAll('limits.connections', { vhost, user }, noUsage)?.then((each) => each.reduce(addUsage)) ?? null,
    channels: (user) =>
      askAll('limits.channels', { user }, 0)?.then((each) => each.reduce((sum, open) => sum + open)) ?? null,
  };
}

export function answerElsewhere(peers: Peers, { connections }: Broker): void {
  peers.answer('limits.connections', ({ vhost, user }: { vhost: string; user: string }) =>
    connectionsOf(connections.values(), vhost, user),
  );
  peers.answer('limits.channels', ({ user }: { user: string }) => channelsOf(connections.values(), user));
}

function inTime<T>(clock: Clock, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(patience, () => reject(new Error(`no answer within ${patience} ms`)));
    answer.then(resolve, reject).finally(cancel);
  });
}
