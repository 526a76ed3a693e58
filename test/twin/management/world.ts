/** What the routes are tried on: objects with the same names on both engines, a client at work, users of every tag. */
import type { ChannelModel } from 'amqplib';
import { connect } from 'amqplib';
import { request, type Who } from './request.js';

export const tags = ['none', 'management', 'policymaker', 'monitoring', 'administrator'] as const;

export interface Place {
  node: string;
  amqp: number;
  amqps: number;
  management: number;
}

const vhost = 'routes-vhost';
/** Nobody but administrators and monitors has anything to do here. */
export const elsewhere = 'routes-elsewhere';

export interface World {
  /** The names that a path is filled with. */
  names: Record<string, string>;
  leave(): Promise<void>;
}

export async function makeWorld(place: Place): Promise<World> {
  const put = (path: string, body: unknown = {}) => call(place, 'PUT', path, body);
  const { body: cluster } = await call(place, 'GET', 'cluster-name');
  await put(`vhosts/${vhost}`);
  await put(`vhosts/${elsewhere}`);
  const everything = { configure: '.*', write: '.*', read: '.*' };
  for (const tag of tags) {
    await put(`users/routes-${tag}`, { password: 'pw', tags: tag === 'none' ? '' : tag });
    await put(`permissions/${vhost}/routes-${tag}`, everything);
  }
  await put('users/nobody', { password: 'pw', tags: '' });
  await put(`topic-permissions/${vhost}/routes-none`, { exchange: 'x', write: '.*', read: '.*' });
  await put(`vhost-limits/${vhost}/max-queues`, { value: 1000 });
  await put('user-limits/routes-none/max-connections', { value: 1000 });
  await put('global-parameters/routes', { value: { a: 1 } });
  const policy = { pattern: '^q', definition: { 'max-length': 1000 } };
  await put(`policies/${vhost}/p`, policy);
  await put(`operator-policies/${vhost}/p`, { ...policy, 'apply-to': 'queues' });
  const client = await work(place);
  const connection = await connectionName(place);
  return {
    names: {
      vhost,
      node: place.node,
      filter: 'metrics',
      component: 'vhost-limits',
      name: 'limits',
      parameter: 'routes',
      policy: 'p',
      connection,
      channel: `${connection} (1)`,
      user: 'routes-none',
      exchange: 'x',
      queue: 'q',
      to: 'y',
      props: 'k',
      flag: 'quorum_queue',
      limit: 'max-connections',
      within: '1',
      unit: 'days',
      port: String(place.amqp),
      protocol: 'amqp',
    },
    leave: async () => {
      await client.close();
      for (const name of [vhost, elsewhere]) await call(place, 'DELETE', `vhosts/${name}`);
      for (const tag of tags) await call(place, 'DELETE', `users/routes-${tag}`);
      await call(place, 'DELETE', 'users/nobody');
      await call(place, 'DELETE', 'global-parameters/routes');
      await put('cluster-name', JSON.parse(cluster));
    },
  };
}

/** A client that has published, got and consumed, so that every figure has something to count. */
async function work(place: Place): Promise<ChannelModel> {
  const { amqp } = place;
  const client = await connect(
    { hostname: '127.0.0.1', port: amqp, username: 'routes-none', password: 'pw', vhost },
    { clientProperties: { connection_name: 'routes' } },
  );
  client.on('error', () => {});
  const channel = await client.createConfirmChannel();
  channel.on('error', () => {});
  for (const name of ['q', 'q2', 'p']) await channel.assertQueue(name, { durable: true });
  await channel.assertExchange('x', 'topic', { durable: true });
  await channel.assertExchange('y', 'fanout', { durable: true });
  await channel.bindQueue('q', 'x', 'k');
  await channel.bindExchange('y', 'x', 'k');
  for (let count = 0; count < 20; count++)
    channel.publish('x', 'k', Buffer.from('hello'), { persistent: true });
  channel.publish('x', 'nowhere', Buffer.from('gone'));
  channel.publish('x', 'nowhere', Buffer.from('back'), { mandatory: true });
  await channel.waitForConfirms();
  await channel.get('q', { noAck: true });
  await channel.get('q2', { noAck: true });
  await channel.prefetch(5);
  await new Promise<void>((resolve) => {
    let seen = 0;
    const took = (message: import('amqplib').ConsumeMessage | null) => {
      if (message !== null && ++seen <= 3) channel.ack(message);
      if (seen === 8) resolve();
    };
    void channel.consume('q', took, { consumerTag: 'routes' });
  });
  return client;
}

async function connectionName(place: Place): Promise<string> {
  for (;;) {
    const { body } = await call(place, 'GET', 'connections');
    const all = JSON.parse(body) as { name: string; user_provided_name?: string }[];
    const mine = all.find((each) => each.user_provided_name === 'routes');
    if (mine !== undefined) return mine.name;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const guest: Who = { user: 'guest', password: 'guest' };

function call({ management }: Place, method: string, path: string, body?: unknown) {
  return request(management, {
    method,
    path: `/api/${path}`,
    who: guest,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
