/** Every argument that RabbitMQ looks at, in every type that a field table has: which are taken, and how the others are refused. */
import { frame } from '../codec.js';
import { everyType, type Field, table } from '../field-tables.js';
import { each, inTurn, type Step } from '../steps.js';
import { type Scenario, twins } from '../twin.js';

const short = (text: string) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
const ticket = Buffer.alloc(2);

/** queue.declare, exclusive, with a table of octets. */
const queue = (channel: number, ...fields: Field[]) =>
  frame(
    1,
    channel,
    Buffer.concat([
      Buffer.from('0032000a', 'hex'),
      ticket,
      short(`q${channel}`),
      Buffer.from([4]),
      table(...fields),
    ]),
  );

/** exchange.declare, direct, not durable. */
const exchange = (channel: number, ...fields: Field[]) =>
  frame(
    1,
    channel,
    Buffer.concat([
      Buffer.from('0028000a', 'hex'),
      ticket,
      short(`x${channel}`),
      short('direct'),
      Buffer.from([0]),
      table(...fields),
    ]),
  );

/** One small value of every type of number, which differs from type to type in nothing but that. */
const numbers: Field[] = [
  ['', 'b', '02'],
  ['', 'B', '02'],
  ['', 's', '0002'],
  ['', 'u', '0002'],
  ['', 'I', '00000002'],
  ['', 'i', '00000002'],
  ['', 'l', '0000000000000002'],
  ['', 'T', '0000000000000002'],
  ['', 'f', '40000000'],
  ['', 'd', '4000000000000000'],
  ['', 'D', '0000000002'],
];

/** The argument in each of these, on a channel of its own. */
function inTypes(
  argument: string,
  types: readonly Field[],
  declare: (channel: number, ...fields: Field[]) => Buffer,
  ...also: Field[]
): Scenario {
  return async (t) => {
    const raw = await t.raw();
    await raw.handshake(t.vhost);
    for (const [index, [, type, hex]] of types.entries()) {
      const channel = index + 1;
      await raw.openChannel(channel);
      raw.send(declare(channel, [argument, type, hex], ...also));
      await raw.until('QueueDeclareOk', 'ExchangeDeclareOk', 'ChannelClose', 'ConnectionClose');
    }
  };
}

const asNumber = [
  'x-expires',
  'x-message-ttl',
  'x-max-length',
  'x-max-length-bytes',
  'x-max-priority',
  'x-queue-version',
];
const asText = [
  'x-dead-letter-exchange',
  'x-overflow',
  'x-queue-mode',
  'x-queue-type',
  'x-single-active-consumer',
];

twins('an argument of a queue in every type of number', {
  ...Object.fromEntries(asNumber.map((name) => [name, inTypes(name, numbers, queue)])),
});

twins('an argument of a queue in every type', {
  ...Object.fromEntries([...asNumber, ...asText].map((name) => [name, inTypes(name, everyType, queue)])),
  'x-dead-letter-routing-key': inTypes('x-dead-letter-routing-key', everyType, queue, [
    'x-dead-letter-exchange',
    'S',
    '0000000178',
  ]),
  'one that nobody knows': inTypes('x-nonsense', everyType, queue),
});

twins('an argument of an exchange in every type', {
  'alternate-exchange': inTypes('alternate-exchange', everyType, exchange),
  'one that nobody knows': inTypes('x-nonsense', everyType, exchange),
});

/** Two declarations of one queue that differ in a number's type, or in what the argument is. */
const again = (name: string, first: unknown, second: unknown): Scenario =>
  inTurn(
    ['QueueDeclare', { queue: 'q', arguments: { [name]: first } }],
    ['QueueDeclare', { queue: 'q', arguments: { [name]: second } }],
  );
const long = (value: number) => ({ '!': 'long', value });
const double = (value: number) => ({ '!': 'double', value });

twins('an argument of a queue declared again', {
  'another number': again('x-max-length', 5, 6),
  'the same number, longer': again('x-message-ttl', 5, long(5)),
  'the same number, a fraction': again('x-message-ttl', 5, double(5)),
  'none any more': again('x-expires', 60_000, undefined),
  'one that was none': again('x-max-priority', undefined, 3),
  'another text': again('x-overflow', 'drop-head', 'reject-publish'),
  'another exchange for dead letters': again('x-dead-letter-exchange', 'a', 'b'),
  'another queue type': again('x-queue-type', 'classic', 'quorum'),
  'the default queue type said': again('x-queue-type', undefined, 'classic'),
  'the default queue type said no more': again('x-queue-type', 'classic', undefined),
  'another than the default queue type': inTurn(
    ['QueueDeclare', { queue: 'q', durable: true }],
    ['QueueDeclare', { queue: 'q', durable: true, arguments: { 'x-queue-type': 'quorum' } }],
  ),
  'another than the default queue type no more': inTurn(
    ['QueueDeclare', { queue: 'q', durable: true, arguments: { 'x-queue-type': 'quorum' } }],
    ['QueueDeclare', { queue: 'q', durable: true }],
  ),
  'another mode': again('x-queue-mode', 'default', 'lazy'),
  'the default mode said': again('x-queue-mode', undefined, 'default'),
  'another version': again('x-queue-version', 1, 2),
  'single active consumer or not': again('x-single-active-consumer', true, false),
  'nonsense or other nonsense': again('x-nonsense', 1, 2),
});

const value = (name: string, ...values: unknown[]): Scenario =>
  each(
    ...values.map(
      (each, index): Step => [
        'QueueDeclare',
        { queue: `q${index}`, exclusive: true, arguments: { [name]: each } },
      ],
    ),
  );

twins('an argument of a queue at the ends of its range', {
  'x-expires': value('x-expires', 0, -1, long(315_360_000_000), long(315_360_000_001), long(2 ** 52)),
  'x-message-ttl': value('x-message-ttl', -1, long(315_360_000_000), long(315_360_000_001)),
  'x-max-length': value('x-max-length', -1, long(2 ** 52)),
  'x-max-length-bytes': value('x-max-length-bytes', 0, -1, long(2 ** 52)),
  'x-max-priority': value('x-max-priority', -1, 1, 254, 255, 256, long(2 ** 40)),
  'x-overflow': value('x-overflow', '', 'Drop-Head', 'drop-tail'),
  'x-queue-mode': value('x-queue-mode', '', 'LAZY', 'default'),
  'x-queue-type': value('x-queue-type', '', 'Classic', 'mirrored', 'rabbit_classic_queue'),
  'x-queue-version': value('x-queue-version', 0, 3, -1, long(2)),
  'x-dead-letter-exchange and its key': each(
    ['QueueDeclare', { queue: 'a', exclusive: true, arguments: { 'x-dead-letter-routing-key': 'key' } }],
    [
      'QueueDeclare',
      {
        queue: 'b',
        exclusive: true,
        arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': '' },
      },
    ],
    [
      'QueueDeclare',
      {
        queue: 'c',
        exclusive: true,
        arguments: { 'x-dead-letter-exchange': 'nosuch', 'x-dead-letter-routing-key': 'key' },
      },
    ],
  ),
  'two that are wrong': each(
    ['QueueDeclare', { queue: 'a', arguments: { 'x-max-length': -1, 'x-expires': 0 } }],
    ['QueueDeclare', { queue: 'a', arguments: { 'x-queue-type': 'none', 'x-max-length': -1 } }],
    ['QueueDeclare', { queue: 'a', arguments: { 'x-delivery-limit': 'many', 'x-max-priority': 256 } }],
  ),
});
