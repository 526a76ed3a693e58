/** Which permission each method asks for, and what a policy may say: set by an administrator, met by a client. */
import type { Step } from '../steps.js';
import { type Scenario, twins } from '../twin.js';

const asMember =
  (...steps: Exclude<Step, Buffer>[]): Scenario =>
  async (t) => {
    const owner = await t.rawChannel();
    await owner.quietly(async () => {
      for (const queue of ['r', 'w', 'n', 'rw']) await owner.ask('QueueDeclare', { queue });
      for (const exchange of ['r', 'w', 'n', 'rw'])
        await owner.ask('ExchangeDeclare', { exchange, type: 'topic' });
    });
    await t.node.api('PUT', `users/${t.vhost}`, { password: 'secret', tags: '' });
    await t.permit(t.vhost, { configure: '^c', write: '^.?w', read: '^r' });
    const topic = { exchange: 'rw', write: '^allowed', read: '^allowed' };
    await t.node.api('PUT', `topic-permissions/${t.vhost}/${t.vhost}`, topic);
    const raw = await t.raw();
    raw.credentials = `\0${t.vhost}\0secret`;
    await raw.handshake(t.vhost);
    for (const [index, step] of steps.entries()) {
      const channel = index + 1;
      await raw.openChannel(channel);
      if (step[0] === 'publish') {
        raw.publish(channel, step[1] ?? {}, Buffer.from('x'), step[3]);
        await raw.ask('BasicQos', {}, channel);
      } else await raw.ask(step[0], step[1], channel);
    }
    await raw.leave();
    await t.node.api('DELETE', `users/${t.vhost}`);
  };

const declare = (queue: string, args = {}): Exclude<Step, Buffer> => [
  'QueueDeclare',
  { queue, arguments: args },
];
const publish = (exchange: string, routingKey: string, properties = {}): Exclude<Step, Buffer> => [
  'publish',
  { exchange, routingKey },
  'x',
  properties,
];

twins('a user with some permissions', {
  'declares and deletes': asMember(
    declare('c'),
    declare('n'),
    declare(''),
    ['QueueDeclare', { queue: 'n', passive: true }],
    ['QueueDelete', { queue: 'n' }],
    ['QueueDelete', { queue: 'nosuch' }],
    ['QueueDelete', { queue: 'c' }],
    ['ExchangeDeclare', { exchange: 'c', type: 'fanout' }],
    ['ExchangeDeclare', { exchange: 'n', type: 'fanout' }],
    ['ExchangeDeclare', { exchange: 'n', type: 'fanout', passive: true }],
    ['ExchangeDelete', { exchange: 'n' }],
    ['ExchangeDelete', { exchange: 'c' }],
  ),
  'declares with a dead letter exchange': asMember(
    declare('c1', { 'x-dead-letter-exchange': 'n' }),
    declare('cr', { 'x-dead-letter-exchange': 'w' }),
    declare('cw', { 'x-dead-letter-exchange': 'w' }),
    declare('cw', { 'x-dead-letter-exchange': '' }),
  ),
  'declares with an alternate exchange': asMember(
    ['ExchangeDeclare', { exchange: 'c1', type: 'fanout', arguments: { 'alternate-exchange': 'n' } }],
    ['ExchangeDeclare', { exchange: 'cr', type: 'fanout', arguments: { 'alternate-exchange': 'w' } }],
    ['ExchangeDeclare', { exchange: 'cw', type: 'fanout', arguments: { 'alternate-exchange': 'w' } }],
  ),
  'binds and unbinds': asMember(
    ['QueueBind', { queue: 'w', exchange: 'r', routingKey: 'k' }],
    ['QueueBind', { queue: 'r', exchange: 'r', routingKey: 'k' }],
    ['QueueBind', { queue: 'w', exchange: 'w', routingKey: 'k' }],
    ['QueueUnbind', { queue: 'w', exchange: 'w', routingKey: 'k' }],
    ['QueueUnbind', { queue: 'n', exchange: 'r', routingKey: 'k' }],
    ['QueueBind', { queue: 'w', exchange: 'rw', routingKey: 'allowed.key' }],
    ['QueueBind', { queue: 'w', exchange: 'rw', routingKey: 'other.key' }],
    ['QueueUnbind', { queue: 'w', exchange: 'rw', routingKey: 'other.key' }],
  ),
  'binds exchanges': asMember(
    ['ExchangeBind', { destination: 'w', source: 'r', routingKey: 'k' }],
    ['ExchangeBind', { destination: 'r', source: 'r', routingKey: 'k' }],
    ['ExchangeBind', { destination: 'w', source: 'w', routingKey: 'k' }],
    ['ExchangeUnbind', { destination: 'n', source: 'r', routingKey: 'k' }],
    ['ExchangeBind', { destination: 'w', source: 'rw', routingKey: 'allowed.key' }],
    ['ExchangeBind', { destination: 'w', source: 'rw', routingKey: 'other.key' }],
  ),
  reads: asMember(
    ['BasicGet', { queue: 'r' }],
    ['BasicGet', { queue: 'w' }],
    ['BasicConsume', { queue: 'r' }],
    ['BasicConsume', { queue: 'n' }],
    ['QueuePurge', { queue: 'r' }],
    ['QueuePurge', { queue: 'w' }],
    ['BasicConsume', { queue: 'amq.rabbitmq.reply-to', noAck: true }],
  ),
  writes: asMember(
    publish('w', 'k'),
    publish('n', 'k'),
    publish('', 'r'),
    publish('nosuch', 'k'),
    publish('rw', 'allowed.key'),
    publish('rw', 'other.key'),
    publish('rw', 'allowed.key', { headers: { CC: ['other.key'] } }),
    publish('w', 'k', { userId: 'guest' }),
  ),
});

twins('a user who may speak for others', {
  'publishes in any name': async (t) => {
    await t.node.api('PUT', `users/${t.vhost}`, { password: 'secret', tags: 'impersonator' });
    await t.permit(t.vhost);
    const raw = await t.raw();
    raw.credentials = `\0${t.vhost}\0secret`;
    await raw.handshake(t.vhost);
    await raw.openChannel(1);
    await raw.ask('QueueDeclare', { queue: 'q' });
    for (const userId of ['guest', 'nobody at all', t.vhost]) {
      raw.publish(1, { routingKey: 'q' }, Buffer.from('x'), { userId });
      await raw.ask('BasicGet', { queue: 'q', noAck: true });
      await raw.until('body');
    }
    await raw.leave();
    await t.node.api('DELETE', `users/${t.vhost}`);
  },
});

/** Each definition, and what the administrator is told. */
const definitions =
  (kind: string, ...each: Record<string, unknown>[]): Scenario =>
  async (t) => {
    for (const definition of each) {
      const body = { pattern: '^q', definition };
      const answer = await t.node.api('PUT', `${kind}/${t.vhost}/p`, body);
      t.say(
        'definition',
        definition,
        answer.status,
        (answer.body as { reason?: string } | undefined)?.reason,
      );
    }
  };
const key = (name: string, ...values: unknown[]): Scenario =>
  definitions('policies', ...values.map((value) => ({ [name]: value })));

twins('what a policy may say', {
  'message-ttl': key('message-ttl', 0, -1, 1.5, 'text', true),
  expires: key('expires', 1, 0, -1, 'text'),
  'max-length': key('max-length', 0, -1, 'text', null),
  'max-length-bytes': key('max-length-bytes', 0, -1, 'text'),
  'dead letters': key('dead-letter-exchange', '', 'x', 5),
  'keys of dead letters': key('dead-letter-routing-key', '', 'x', 5),
  'alternate-exchange': key('alternate-exchange', '', 'x', 5),
  overflow: key('overflow', 'drop-head', 'reject-publish', 'reject-publish-dlx', 'drop', 5),
  'queue-mode': key('queue-mode', 'lazy', 'default', 'quick', 5),
  'queue-version': key('queue-version', 1, 2, 3, '2'),
  'delivery-limit': key('delivery-limit', 0, 5, -1, 'text'),
  ha: definitions(
    'policies',
    { 'ha-mode': 'all' },
    { 'ha-mode': 'all', 'ha-params': 2 },
    { 'ha-mode': 'exactly' },
    { 'ha-mode': 'exactly', 'ha-params': 0 },
    { 'ha-mode': 'nodes', 'ha-params': [] },
    { 'ha-mode': 'some' },
    { 'ha-params': 2 },
    { 'ha-sync-mode': 'automatic' },
    { 'ha-mode': 'all', 'ha-sync-mode': 'sometimes' },
    { 'ha-mode': 'all', 'ha-sync-batch-size': 0 },
    { 'ha-mode': 'all', 'ha-promote-on-shutdown': 'never' },
    { 'ha-mode': 'all', 'ha-promote-on-failure': 'always', 'max-length': 5 },
  ),
  'an operator': definitions(
    'operator-policies',
    { 'message-ttl': 5 },
    { expires: 5, 'max-length': 5, 'max-length-bytes': 5, 'delivery-limit': 5 },
    { 'ha-mode': 'all' },
    { overflow: 'reject-publish' },
    { 'max-length': -1 },
    {},
  ),
  'nothing, and nonsense': definitions(
    'policies',
    {},
    { nonsense: 1 },
    { 'max-length': 5, nonsense: [1, { a: 'b' }] },
  ),
});

/** Policies and operator policies of a queue each, and the definition that holds for it. */
const both: Record<string, [policy: Record<string, unknown>, operator: Record<string, unknown>]> = {
  others: [{ 'max-length': 5 }, { 'message-ttl': 5 }],
  same: [
    { 'max-length': 5, 'message-ttl': 7, expires: 90_000 },
    { 'max-length': 6, 'message-ttl': 6, expires: 90_000 },
  ],
  free: [{ overflow: 'reject-publish', 'queue-mode': 'lazy' }, { 'max-length': 5 }],
};

twins('a policy and an operator policy', {
  'are merged': async (t) => {
    const raw = await t.rawChannel();
    for (const [queue, [policy, operator]] of Object.entries(both)) {
      const pattern = `^${queue}$`;
      await t.api('PUT', `policies/VHOST/${queue}`, { pattern, definition: policy });
      await t.api('PUT', `operator-policies/VHOST/${queue}`, { pattern, definition: operator });
      await raw.ask('QueueDeclare', { queue });
    }
    for (const queue of Object.keys(both)) {
      let shown: Record<string, unknown> = {};
      for (let attempt = 0; attempt < 100 && !shown.policy; attempt += 1) {
        if (attempt > 0) await t.pause(100);
        shown = (await t.node.api('GET', `queues/${t.vhost}/${queue}`)).body as typeof shown;
      }
      t.say('holds', shown.policy, shown.operator_policy, shown.effective_policy_definition);
    }
  },
});
