/** What is asked on one channel in class basic, step by step; dead letters. */
import type { Options } from 'amqplib';
import type { RecordedChannel } from '../recorded-channel.js';
import { ack, consume, each, get, inTurn, nack, queue, reject, type Step, to } from '../steps.js';
import { type Scenario, twins } from '../twin.js';

twins('basic.qos', {
  'sizes and counts': each(
    ['BasicQos', { prefetchSize: 1, prefetchCount: 0, global: false }],
    ['BasicQos', { prefetchSize: 0, prefetchCount: 65_535, global: false }],
    ['BasicQos', { prefetchSize: 0, prefetchCount: 0, global: true }],
    ['BasicQos', { prefetchSize: 4_294_967_295, prefetchCount: 1, global: true }],
  ),
  'set and lifted between consumers': inTurn(
    queue('q'),
    ['BasicQos', { prefetchCount: 1 }],
    consume('q'),
    ['BasicQos', { prefetchCount: 0 }],
    ['BasicCancel', { consumerTag: 'c' }],
    consume('q'),
  ),
});

twins('basic.consume and basic.cancel', {
  'a tag of 255 octets, and one of line breaks': inTurn(
    queue('q'),
    consume('q', { consumerTag: 't'.repeat(255) }),
    consume('q', { consumerTag: '\n' }),
    ['BasicCancel', { consumerTag: '\n' }],
  ),
  'a tag that was cancelled may be used again': inTurn(
    queue('q'),
    consume('q'),
    ['BasicCancel', { consumerTag: 'c' }],
    consume('q'),
  ),
  'a tag in use by no-wait closes the connection': inTurn(
    queue('q'),
    consume('q'),
    consume('q', { nowait: true }),
  ),
  'cancel without waiting, and of nothing': inTurn(
    queue('q'),
    consume('q'),
    ['BasicCancel', { consumerTag: 'c', nowait: true }],
    ['BasicCancel', { consumerTag: 'c' }],
    ['BasicCancel', { consumerTag: '' }],
  ),
  'no-local changes nothing': inTurn(
    queue('q'),
    consume('q', { noLocal: true, noAck: true }),
    to('q', 'one'),
    ['awaits body'],
    ['QueueDelete', { queue: 'q' }],
  ),
  'exclusive beside another, and another beside exclusive': each(
    queue('q'),
    consume('q', { exclusive: true }),
    consume('q', { exclusive: true }),
    consume('q'),
    get('q'),
  ),
  'exclusive, cancelled, and then another': inTurn(
    queue('q'),
    consume('q', { exclusive: true }),
    ['BasicCancel', { consumerTag: 'c' }],
    consume('q', { consumerTag: 'd' }),
    ['BasicCancel', { consumerTag: 'd' }],
    consume('q', { exclusive: true, noAck: true }),
    to('q', 'one'),
    ['awaits body'],
  ),
  'a single active consumer, and others of all priorities that wait': inTurn(
    queue('q', { 'x-single-active-consumer': true }),
    ...[1, 0, 5].map((priority) =>
      consume('q', { consumerTag: `p${priority}`, noAck: true, arguments: { 'x-priority': priority } }),
    ),
    to('q', 'one'),
    ['awaits body'],
    ['BasicCancel', { consumerTag: 'p1' }],
    to('q', 'two'),
    ['awaits body'],
    ['BasicCancel', { consumerTag: 'p5' }],
    to('q', 'three'),
    ['awaits body'],
  ),
  'exclusive of a single active consumer': inTurn(
    queue('q', { 'x-single-active-consumer': true }),
    consume('q', { exclusive: true }),
  ),
  'priorities of every kind': each(
    queue('q'),
    consume('q', { arguments: { 'x-priority': 2_147_483_647 } }),
    consume('q', { arguments: { 'x-priority': -2_147_483_648 } }),
    consume('q', { arguments: { 'x-priority': true } }),
    consume('q', { arguments: { 'x-priority': '5' } }),
    consume('q', { arguments: { 'x-priority': { '!': 'double', value: 5 } } }),
    consume('q', { arguments: { 'x-priority': [] } }),
    consume('q', { arguments: { 'x-stream-offset': 5 } }),
  ),
});

twins('acknowledgements on one channel', {
  'of nothing, one by one and all': each(
    queue('q'),
    ack(0),
    ack(0, true),
    ack(1, true),
    nack(0, { multiple: true }),
    nack(0),
    reject(0, true),
    reject(1, false),
    nack(7, { multiple: true, requeue: true }),
  ),
  'multiple, up to a tag that is settled': inTurn(
    queue('q'),
    to('q', 'one'),
    to('q', 'two'),
    get('q', false),
    get('q', false),
    ack(2),
    ack(2, true),
  ),
  'multiple, up to a tag behind the last': inTurn(queue('q'), to('q', 'one'), get('q', false), ack(2, true)),
  'multiple, with a tag that none needs between': inTurn(
    queue('q'),
    to('q', 'one'),
    to('q', 'two'),
    to('q', 'three'),
    get('q', false),
    get('q'),
    get('q', false),
    ack(3, true),
    queue('q'),
  ),
  'nack of many gives them back in order': inTurn(
    queue('q'),
    to('q', 'one'),
    to('q', 'two'),
    to('q', 'three'),
    get('q', false),
    get('q', false),
    nack(2, { multiple: true, requeue: true }),
    get('q'),
    get('q'),
    get('q'),
  ),
  'reject of the second before the first': inTurn(
    queue('q'),
    to('q', 'one'),
    to('q', 'two'),
    to('q', 'three'),
    get('q', false),
    get('q', false),
    reject(2, true),
    reject(1, true),
    get('q'),
    get('q'),
    get('q'),
  ),
  'recover, with requeue and without': each(
    ['BasicRecover', { requeue: true }],
    ['BasicRecoverAsync', { requeue: true }],
    ['BasicRecover', { requeue: false }],
  ),
  'recover-async without requeue': inTurn(['BasicRecoverAsync', { requeue: false }]),
  'recover gives back what is outstanding': inTurn(
    queue('q'),
    to('q', 'one'),
    to('q', 'two'),
    get('q', false),
    get('q', false),
    ['BasicRecover', { requeue: true }],
    get('q', false),
    ack(1),
  ),
});

twins('basic.publish', {
  'to exchanges that are not there': each(
    to('q', 'x', {}, { exchange: 'nosuch' }),
    to('q', 'x', {}, { exchange: 'amq.nosuch', mandatory: true }),
  ),
  'mandatory through each built-in exchange': inTurn(
    ...['amq.direct', 'amq.fanout', 'amq.topic', 'amq.headers', 'amq.match', 'amq.rabbitmq.trace'].map(
      (exchange) => to('key', '', {}, { exchange, mandatory: true }),
    ),
  ),
  'immediate and mandatory': inTurn(to('nowhere', 'x', {}, { mandatory: true, immediate: true })),
  'with a routing key of 255 octets': inTurn(to('k'.repeat(255), 'x', {}, { mandatory: true })),
  'with the right user, and with none': inTurn(
    queue('q'),
    to('q', 'x', { userId: 'guest' }),
    get('q'),
    to('q', 'x', { userId: '' }),
  ),
  'with delivery modes that are none': inTurn(
    queue('q'),
    ...[0, 1, 2, 3, 255].flatMap((deliveryMode) => [to('q', 'x', { deliveryMode }), get('q')]),
  ),
  'with delivery modes that are none, over HTTP': async (t) => {
    for (const delivery_mode of [1, 3]) {
      const message = { routing_key: 'k', payload: 'x', payload_encoding: 'string' };
      const answer = await t.node.api('POST', `exchanges/${t.vhost}/amq.fanout/publish`, {
        ...message,
        properties: { delivery_mode },
      });
      t.say('publish', delivery_mode, answer.status, answer.body);
    }
  },
  'with a priority above the maximum and below zero': inTurn(
    queue('q', { 'x-max-priority': 3 }),
    to('q', 'none'),
    to('q', 'three', { priority: 3 }),
    to('q', 'most', { priority: 255 }),
    get('q'),
    get('q'),
    get('q'),
  ),
  'into a queue without priorities': inTurn(
    queue('q'),
    to('q', 'low', { priority: 1 }),
    to('q', 'high', { priority: 9 }),
    get('q'),
    get('q'),
  ),
  ...Object.fromEntries(
    ['0', '00', '+1', ' 5', '1e3', '0x10', '4294967295', '315360000000', '315360000001', 'ms'].map(
      (expiration) => [
        `with the expiration ${JSON.stringify(expiration)}`,
        inTurn(to('nowhere', 'x', { expiration }, { mandatory: true })),
      ],
    ),
  ),
});

const copies = (headers: Record<string, unknown>): Step => to('a', 'x', { headers }, { mandatory: true });
const abc = [queue('a'), queue('b'), queue('c')];

twins('CC and BCC', {
  'to the same queue twice': inTurn(
    ...abc,
    copies({ CC: ['a', 'b', 'b'], BCC: ['b'] }),
    get('a'),
    get('a'),
    get('b'),
    get('b'),
  ),
  'BCC is taken out of the headers, CC stays': inTurn(
    ...abc,
    copies({ CC: ['b'], BCC: ['c'], other: 1 }),
    get('a'),
    get('b'),
    get('c'),
  ),
  'without elements': inTurn(...abc, copies({ CC: [], BCC: [] }), get('a'), get('b')),
  'to nowhere but by CC': inTurn(
    queue('b'),
    to('nowhere', 'x', { headers: { CC: ['b'] } }, { mandatory: true }),
    get('b'),
  ),
  'in small letters mean nothing': inTurn(...abc, copies({ cc: ['b'], bcc: ['c'] }), get('b'), get('c')),
  'CC that is a text': inTurn(...abc, copies({ CC: 'b' })),
  'BCC that is a number': inTurn(...abc, copies({ BCC: 5 })),
  'CC with an element that is no text': inTurn(...abc, copies({ CC: ['b', 5] })),
  'through a fanout exchange': inTurn(
    ...abc,
    ['QueueBind', { queue: 'a', exchange: 'amq.fanout' }],
    to('k', 'x', { headers: { CC: ['b'] } }, { exchange: 'amq.fanout' }),
    get('a'),
    get('b'),
  ),
});

/** One message, that a queue lets die in a way; what arrives where it goes then. */
const death =
  (
    options: Options.Publish,
    die: (ch: RecordedChannel) => Promise<unknown>,
    { args = {}, to: arrivals = ['dead'] }: { args?: Record<string, unknown>; to?: string[] } = {},
  ): Scenario =>
  async (t) => {
    const ch = await t.channel();
    for (const name of arrivals) if (name !== 'q') await ch.assertQueue(name);
    await ch.assertQueue('q', {
      arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': arrivals[0], ...args },
    });
    ch.publish('', 'q', 'x', options);
    await die(ch);
    for (const name of arrivals) {
      for (let attempt = 0; attempt < 500 && (await ch.ready(name)) === 0; attempt += 1) await t.pause(5);
      await ch.get(name, { noAck: true });
    }
  };
const rejected = async (ch: RecordedChannel) => ch.reject(await ch.get('q'), false);

twins('x-death', {
  'of a message that has headers': death(
    { headers: { mine: 1 }, messageId: 'id', contentType: 'text/plain', priority: 3 },
    rejected,
  ),
  'of a message that names one of its own': death(
    { headers: { 'x-death': [{ queue: 'q', reason: 'rejected', count: 7 }], 'x-first-death-queue': 'none' } },
    rejected,
  ),
  'of a message whose x-death is empty': death({ headers: { 'x-death': [] } }, rejected),
  'of one that was too much': death(
    { expiration: '60000' },
    async (ch) => {
      ch.publish('', 'q', 'the next');
      await ch.checkQueue('q');
    },
    { args: { 'x-max-length': 1 } },
  ),
  'of one that lived too long': death({ expiration: '1', deliveryMode: 2 }, async () => {}),
  'of one for which there is no time': death({}, async () => {}, { args: { 'x-message-ttl': 0 } }),
  'to itself, by a reject': death({}, rejected, { to: ['q'] }),
  'with CC, to a key of its own': death({ headers: { CC: ['other'], BCC: ['third'] } }, rejected),
  'with the empty key of its own': death({}, rejected, {
    args: { 'x-dead-letter-exchange': 'amq.fanout', 'x-dead-letter-routing-key': '' },
    to: [],
  }),
});
