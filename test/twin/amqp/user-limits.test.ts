/** Limits of users and vhosts, topic permissions, operator policies: what an administrator sets and a client meets. */
import { describe } from 'vitest';
import type { Stage } from '../stage.js';
import { twin } from '../twin.js';

/** A user of the scenario's own, named as its vhost is. */
async function withUser(t: Stage, limits: Record<string, number>, work: () => Promise<void>): Promise<void> {
  await t.node.api('PUT', `users/${t.vhost}`, { password: 'secret', tags: '' });
  await t.permit(t.vhost);
  for (const [name, value] of Object.entries(limits)) {
    await t.api('PUT', `user-limits/VHOST/${name}`, { value });
  }
  await work();
  await t.node.api('DELETE', `users/${t.vhost}`);
}

const as = (t: Stage) => ({ username: t.vhost, password: 'secret' });

describe('topic permissions', () => {
  twin('allow the routing keys that they match, on their exchange', (t) =>
    withUser(t, {}, async () => {
      const permission = { exchange: 'amq.topic', write: '^(a|{username})\\.', read: '^a' };
      await t.node.api('PUT', `topic-permissions/${t.vhost}/${t.vhost}`, permission);
      const connection = await t.connection(as(t));
      for (const [exchange, key] of [
        ['amq.topic', 'a.b'],
        ['amq.topic', `${t.vhost}.b`],
        ['amq.direct', 'b.a'],
        ['amq.topic', 'b.a'],
      ] as const) {
        const ch = await t.confirmChannel(connection);
        ch.publish(exchange, key, 'x');
        await ch.confirms();
      }
      for (const key of ['a.b', 'b.a']) {
        const ch = await t.channel(connection);
        await ch.assertQueue('q');
        await ch.bindQueue('q', 'amq.topic', key);
      }
    }),
  );
});

describe('limits of a user', () => {
  for (const limit of [0, 1, -1]) {
    twin(`max-connections ${limit}`, (t) =>
      withUser(t, { 'max-connections': limit }, async () => {
        await t.connection(as(t));
        await t.connection(as(t));
      }),
    );
    twin(`max-channels ${limit}`, (t) =>
      withUser(t, { 'max-channels': limit }, async () => {
        const connection = await t.connection(as(t));
        await t.openChannels(connection, 2);
      }),
    );
  }

  twin('max-channels counts the channels of every connection', (t) =>
    withUser(t, { 'max-channels': 2 }, async () => {
      const one = await t.connection(as(t));
      const other = await t.connection(as(t));
      await t.openChannels(one, 2);
      await t.openChannels(other, 1);
    }),
  );

  twin('a user that is deleted is thrown out', (t) =>
    withUser(t, {}, async () => {
      const connection = await t.connection(as(t));
      await t.openChannels(connection, 1);
      await t.node.api('DELETE', `users/${t.vhost}`);
      await t.pause(300);
    }),
  );
});

describe('limits of a vhost', () => {
  for (const limit of [0, 1, -1]) {
    twin(`max-queues ${limit}`, async (t) => {
      await t.api('PUT', 'vhost-limits/VHOST/max-queues', { value: limit });
      const ch = await t.channel();
      await ch.assertQueue('one');
      await ch.assertQueue('one');
      await ch.assertQueue('two');
    });
    twin(`max-connections ${limit} in a vhost`, async (t) => {
      await t.api('PUT', 'vhost-limits/VHOST/max-connections', { value: limit });
      await t.connection();
      await t.connection();
    });
  }
});

describe('operator policies', () => {
  const put = (t: Stage, kind: string, definition: Record<string, unknown>) =>
    t.api('PUT', `${kind}/VHOST/p`, { pattern: '^q$', definition, 'apply-to': 'queues' });

  async function fill(t: Stage, args: Record<string, unknown>): Promise<void> {
    const ch = await t.confirmChannel();
    await ch.assertQueue('q', { arguments: args });
    for (const body of ['one', 'two', 'three', 'four']) ch.publish('', 'q', body);
    await ch.confirms();
    await ch.checkQueue('q');
    await ch.get('q', { noAck: true });
  }

  twin('the lower of two limits counts', async (t) => {
    await put(t, 'policies', { 'max-length': 3 });
    await put(t, 'operator-policies', { 'max-length': 2 });
    await fill(t, {});
  });
  twin("below the policy's and the argument's", async (t) => {
    await put(t, 'policies', { 'max-length': 3 });
    await put(t, 'operator-policies', { 'max-length': 4 });
    await fill(t, { 'x-max-length': 1 });
  });
  twin('taken away while messages wait', async (t) => {
    await put(t, 'operator-policies', { 'max-length': 1 });
    await fill(t, {});
    await t.api('DELETE', 'operator-policies/VHOST/p');
    await fill(t, {});
  });
  twin('a key that operators may not set', async (t) => {
    await put(t, 'operator-policies', { 'dead-letter-exchange': 'x' });
  });
});
