/** What holds where a policy and an argument say different things, and which of several policies applies. */
import type { RecordedChannel } from '../recorded-channel.js';
import type { Stage } from '../stage.js';
import { type Scenario, twins } from '../twin.js';

type Definition = Record<string, unknown>;

async function policy(t: Stage, name: string, definition: Definition, more: Definition = {}): Promise<void> {
  await t.api('PUT', `policies/VHOST/${name}`, { pattern: '^q$', definition, ...more });
}

/** One message that the queue `q` rejects, and where it is then. */
const rejected =
  (definition: Definition, args: Definition): Scenario =>
  async (t) => {
    await policy(t, 'p', definition);
    const ch = await t.channel();
    for (const name of ['by-argument', 'by-policy']) await ch.assertQueue(name);
    await ch.bindQueue('by-policy', 'amq.fanout', '');
    await ch.assertQueue('q', { arguments: args });
    ch.publish('', 'q', 'x');
    ch.reject(await ch.get('q'), false);
    await ch.events();
    for (const name of ['by-argument', 'by-policy']) await ch.get(name, { noAck: true });
  };

/** Four messages into `q`, each confirmed or not, and what stays. */
const filled =
  (definition: Definition, args: Definition): Scenario =>
  async (t) => {
    await policy(t, 'p', definition);
    await fill(await t.confirmChannel(), args);
  };

async function fill(ch: RecordedChannel, args: Definition = {}): Promise<void> {
  await ch.assertQueue('q', { arguments: args });
  for (const body of ['one', 'two', 'three', 'four']) {
    ch.publish('', 'q', body);
    await ch.confirms();
  }
  await ch.checkQueue('q');
  await ch.get('q', { noAck: true });
}

const here = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'by-argument' };

twins('dead letters of a policy and of an argument', {
  'the argument holds': rejected({ 'dead-letter-exchange': 'amq.fanout' }, here),
  'each key by itself': rejected(
    { 'dead-letter-exchange': 'amq.fanout', 'dead-letter-routing-key': 'by-policy' },
    { 'x-dead-letter-exchange': '' },
  ),
  'the key of an exchange that is the policy’s': rejected(
    { 'dead-letter-exchange': '', 'dead-letter-routing-key': 'by-policy' },
    {},
  ),
});

twins('limits of a policy and of an argument', {
  'overflow: the argument holds': filled(
    { overflow: 'reject-publish' },
    { 'x-overflow': 'drop-head', 'x-max-length': 2 },
  ),
  'overflow of the policy, length of the argument': filled(
    { overflow: 'reject-publish' },
    { 'x-max-length': 2 },
  ),
  'the smaller number of octets': filled({ 'max-length-bytes': 8 }, { 'x-max-length-bytes': 100 }),
  'the smaller number of octets, the argument’s': filled(
    { 'max-length-bytes': 100 },
    { 'x-max-length-bytes': 8 },
  ),
  'each limit by itself': filled({ 'max-length-bytes': 8 }, { 'x-max-length': 3 }),
});

const alternate =
  (definition: Definition, args: Definition): Scenario =>
  async (t) => {
    await t.api('PUT', 'policies/VHOST/p', { pattern: '^x$', definition });
    const ch = await t.confirmChannel();
    for (const [queue, exchange] of [
      ['by-argument', 'amq.fanout'],
      ['by-policy', 'amq.topic'],
    ] as const) {
      await ch.assertQueue(queue);
      await ch.bindQueue(queue, exchange, '#');
    }
    await ch.assertExchange('x', 'direct', { arguments: args });
    ch.publish('x', 'k', 'one', { mandatory: true });
    await ch.confirms();
    for (const queue of ['by-argument', 'by-policy']) await ch.get(queue, { noAck: true });
  };

twins('an alternate exchange of a policy and of an argument', {
  'the argument holds': alternate(
    { 'alternate-exchange': 'amq.topic' },
    { 'alternate-exchange': 'amq.fanout' },
  ),
  'of the policy alone': alternate({ 'alternate-exchange': 'amq.topic' }, {}),
  'of the argument, which is not there': alternate(
    { 'alternate-exchange': 'amq.topic' },
    { 'alternate-exchange': 'nosuch' },
  ),
});

const two =
  (one: [Definition, Definition], other: [Definition, Definition]): Scenario =>
  async (t) => {
    await policy(t, 'a', ...one);
    await policy(t, 'b', ...other);
    await fill(await t.confirmChannel());
  };
const [short, long] = [{ 'max-length': 1 }, { 'max-length': 3 }];

twins('of two policies', {
  'the one of the higher priority applies': two([short, { priority: 1 }], [long, { priority: 2 }]),
  'one alone applies, nothing of the other': two(
    [{ 'max-length-bytes': 3 }, { priority: 1 }],
    [long, { priority: 2 }],
  ),
  'one for exchanges is none': two([short, { priority: 5, 'apply-to': 'exchanges' }], [long, {}]),
  'one of another name is none': two([short, { priority: 5, pattern: '^Q$' }], [long, {}]),
  'the other applies when one is deleted': async (t) => {
    await policy(t, 'a', short, { priority: 5 });
    await policy(t, 'b', long);
    const ch = await t.confirmChannel();
    await fill(ch);
    await t.api('DELETE', 'policies/VHOST/a');
    await t.pause(100);
    await fill(ch);
    await policy(t, 'b', short);
    await t.pause(100);
    await ch.checkQueue('q');
  },
});
