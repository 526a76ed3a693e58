/** Exchanges and bindings: names, flags and refusals, each by every method that has them. */
import { each, inTurn, type Step } from '../steps.js';
import { type Scenario, twins } from '../twin.js';

const exchange = (name: string, fields: Record<string, unknown> = {}): Step => [
  'ExchangeDeclare',
  { exchange: name, type: 'fanout', ...fields },
];
const queue = (name: string, fields: Record<string, unknown> = {}): Step => [
  'QueueDeclare',
  { queue: name, ...fields },
];
const bind = (name: string, source: string, routingKey = '', args = {}): Step => [
  'QueueBind',
  { queue: name, exchange: source, routingKey, arguments: args },
];
const chain = (source: string, destination: string, routingKey = ''): Step => [
  'ExchangeBind',
  { source, destination, routingKey },
];
const there = (name: string): Step => exchange(name, { passive: true });

twins('names of exchanges', {
  reserved: each(
    ...['amq.', 'amq.new', 'amq.fanout', 'amq.direct.x', 'AMQ.new', 'amq'].map((name) => exchange(name)),
  ),
  'reserved, deleted': each(
    ...['amq.fanout', 'amq.nosuch', 'amq.rabbitmq.log', 'amq.gen-x'].map(
      (name): Step => ['ExchangeDelete', { exchange: name }],
    ),
  ),
  'of 127 letters, and of 255 octets': each(
    exchange('x'.repeat(127)),
    exchange('é'.repeat(127)),
    exchange('y'.repeat(255)),
  ),
  'with spaces, quotes and slashes': each(
    exchange(' '),
    exchange("it's"),
    exchange('a/b?c=d#e'),
    exchange('日本'),
  ),
  'of line breaks alone': each(
    exchange('\r\n'),
    ['ExchangeDelete', { exchange: '\n' }],
    exchange('amq.\nnew'),
    exchange('\r', { passive: true }),
  ),
  'passive, reserved or not': each(
    there('amq.nosuch'),
    there('nosuch'),
    there('amq.topic'),
    exchange('amq.topic', { passive: true, type: 'nosuch' }),
  ),
});

twins('types of exchanges', {
  'unknown ones': each(
    ...['', 'Fanout', 'x-nosuch-type', 'direct '].map((type, index) => exchange(`x${index}`, { type })),
  ),
  'an unknown one of an exchange that is there': inTurn(
    exchange('x'),
    exchange('x', { type: 'x-nosuch-type' }),
  ),
  'each other one of an exchange that is there': inTurn(exchange('x'), exchange('x', { type: 'topic' })),
  'each flag of amq.fanout': each(
    exchange('amq.fanout', { durable: true }),
    exchange('amq.fanout', { durable: false }),
    exchange('amq.fanout', { durable: true, autoDelete: true }),
    exchange('amq.fanout', { durable: true, internal: true }),
    exchange('amq.fanout', { durable: true, arguments: { 'alternate-exchange': 'a' } }),
    exchange('amq.fanout', { durable: true, arguments: { 'x-nonsense': 'a' } }),
  ),
});

twins('an exchange declared again', {
  'with another alternate': inTurn(
    exchange('x', { arguments: { 'alternate-exchange': 'a' } }),
    exchange('x', { arguments: { 'alternate-exchange': 'b' } }),
  ),
  'with an alternate that was none': inTurn(
    exchange('x'),
    exchange('x', { arguments: { 'alternate-exchange': 'a' } }),
  ),
  'without waiting': inTurn(
    exchange('x', { nowait: true }),
    there('x'),
    exchange('x', { nowait: true, durable: true }),
  ),
});

twins('deleting an exchange', {
  'if-unused, a source': inTurn(exchange('x'), queue('q'), bind('q', 'x'), [
    'ExchangeDelete',
    { exchange: 'x', ifUnused: true },
  ]),
  'if-unused, a destination': inTurn(exchange('x'), exchange('y'), chain('x', 'y'), [
    'ExchangeDelete',
    { exchange: 'y', ifUnused: true },
  ]),
  'if-unused, an alternate': inTurn(
    exchange('x', { arguments: { 'alternate-exchange': 'y' } }),
    exchange('y'),
    ['ExchangeDelete', { exchange: 'y', ifUnused: true }],
  ),
  'if-unused, not there': each(['ExchangeDelete', { exchange: 'nosuch', ifUnused: true }]),
  'without waiting': inTurn(exchange('x'), ['ExchangeDelete', { exchange: 'x', nowait: true }], there('x')),
});

twins('auto-delete exchanges', {
  'that were never bound stay': inTurn(exchange('x', { autoDelete: true }), there('x')),
  'go with the last of two bindings': inTurn(
    exchange('x', { autoDelete: true }),
    queue('q', { exclusive: true }),
    bind('q', 'x', 'a'),
    bind('q', 'x', 'b'),
    ['QueueUnbind', { queue: 'q', exchange: 'x', routingKey: 'a' }],
    there('x'),
    ['QueueUnbind', { queue: 'q', exchange: 'x', routingKey: 'b' }],
    there('x'),
  ),
  'in a chain go one after the other': inTurn(
    exchange('a', { autoDelete: true }),
    exchange('b', { autoDelete: true }),
    exchange('c', { autoDelete: true }),
    queue('q'),
    chain('a', 'b'),
    chain('b', 'c'),
    bind('q', 'c'),
    ['QueueDelete', { queue: 'q' }],
    there('a'),
  ),
  'in a chain, the middle one deleted': inTurn(
    exchange('a', { autoDelete: true }),
    exchange('b'),
    exchange('c', { autoDelete: true }),
    chain('a', 'b'),
    chain('b', 'c'),
    ['ExchangeDelete', { exchange: 'b' }],
    there('c'),
    there('a'),
  ),
  'whose destination goes': inTurn(
    exchange('a', { autoDelete: true }),
    exchange('b'),
    chain('a', 'b'),
    ['ExchangeUnbind', { source: 'a', destination: 'b', routingKey: '' }],
    there('b'),
    there('a'),
  ),
  'in a ring': inTurn(
    exchange('a', { autoDelete: true }),
    exchange('b', { autoDelete: true }),
    chain('a', 'b'),
    chain('b', 'a'),
    ['ExchangeUnbind', { source: 'a', destination: 'b', routingKey: '' }],
    there('a'),
  ),
  'bound to itself': inTurn(
    exchange('a', { autoDelete: true }),
    chain('a', 'a'),
    ['ExchangeUnbind', { source: 'a', destination: 'a', routingKey: '' }],
    there('a'),
  ),
});

twins('refused bindings', {
  'of a queue': each(
    bind('nosuch', 'amq.fanout'),
    bind('nosuch', 'nosuch'),
    bind('nosuch', ''),
    ['QueueUnbind', { queue: 'nosuch', exchange: 'amq.fanout' }],
    ['QueueUnbind', { queue: 'nosuch', exchange: 'nosuch' }],
    ['QueueUnbind', { queue: 'nosuch', exchange: '' }],
    bind('', 'amq.fanout'),
    ['QueueUnbind', { queue: '', exchange: 'amq.fanout' }],
  ),
  'of an exchange': each(
    chain('nosuch', 'amq.fanout'),
    chain('amq.fanout', 'nosuch'),
    chain('nosuch', 'neither'),
    chain('', 'amq.fanout'),
    chain('amq.fanout', ''),
    chain('', ''),
    ['ExchangeUnbind', { source: 'nosuch', destination: 'amq.fanout' }],
    ['ExchangeUnbind', { source: 'amq.fanout', destination: 'nosuch' }],
    ['ExchangeUnbind', { source: '', destination: 'amq.fanout' }],
    ['ExchangeUnbind', { source: 'amq.fanout', destination: 'amq.direct' }],
  ),
  'by arguments of a headers exchange': inTurn(
    queue('q'),
    bind('q', 'amq.headers', '', { 'x-match': 'most' }),
  ),
  'with other arguments than it has': inTurn(
    queue('q'),
    bind('q', 'amq.direct', 'k', { a: 1 }),
    ['QueueUnbind', { queue: 'q', exchange: 'amq.direct', routingKey: 'k', arguments: { a: 2 } }],
    ['publish', { exchange: 'amq.direct', routingKey: 'k' }, 'still bound'],
    ['BasicGet', { queue: 'q', noAck: true }],
  ),
});

twins('bindings that are taken', {
  'without waiting': inTurn(
    queue('q'),
    ['QueueBind', { queue: 'q', exchange: 'amq.direct', routingKey: 'k', nowait: true }],
    ['publish', { exchange: 'amq.direct', routingKey: 'k' }, 'bound'],
    ['BasicGet', { queue: 'q', noAck: true }],
  ),
  'of exchanges, without waiting': inTurn(
    queue('q'),
    exchange('x'),
    bind('q', 'x'),
    ['ExchangeBind', { source: 'amq.direct', destination: 'x', routingKey: 'k', nowait: true }],
    ['publish', { exchange: 'amq.direct', routingKey: 'k' }, 'bound'],
    ['BasicGet', { queue: 'q', noAck: true }],
    ['ExchangeUnbind', { source: 'amq.direct', destination: 'x', routingKey: 'k', nowait: true }],
    ['publish', { exchange: 'amq.direct', routingKey: 'k', mandatory: true }, 'unbound'],
  ),
  'from an internal exchange': inTurn(
    exchange('x', { internal: true }),
    queue('q'),
    bind('q', 'x'),
    chain('amq.fanout', 'x'),
    ['publish', { exchange: 'amq.fanout', routingKey: '' }, 'through'],
    ['BasicGet', { queue: 'q', noAck: true }],
    ['publish', { exchange: 'x', routingKey: '' }, 'not through'],
  ),
  'with a routing key of 255 octets': inTurn(
    queue('q'),
    bind('q', 'amq.direct', 'k'.repeat(255)),
    ['publish', { exchange: 'amq.direct', routingKey: 'k'.repeat(255) }, 'long'],
    ['BasicGet', { queue: 'q', noAck: true }],
  ),
});

const alternates = (...steps: Step[]): Scenario =>
  inTurn(queue('q'), ...steps, ['BasicGet', { queue: 'q', noAck: true }]);

twins('alternate exchanges', {
  'in a chain of three': alternates(
    exchange('a', { type: 'direct', arguments: { 'alternate-exchange': 'b' } }),
    exchange('b', { type: 'topic', arguments: { 'alternate-exchange': 'c' } }),
    exchange('c'),
    bind('q', 'c'),
    ['publish', { exchange: 'a', routingKey: 'k', mandatory: true }, 'by the third'],
  ),
  'to itself': alternates(exchange('a', { type: 'direct', arguments: { 'alternate-exchange': 'a' } }), [
    'publish',
    { exchange: 'a', routingKey: 'k', mandatory: true },
    'nowhere',
  ]),
  'back to the first, which has a queue for another key': alternates(
    exchange('a', { type: 'direct', arguments: { 'alternate-exchange': 'b' } }),
    exchange('b', { type: 'direct', arguments: { 'alternate-exchange': 'a' } }),
    bind('q', 'a', 'other'),
    ['publish', { exchange: 'b', routingKey: 'k', mandatory: true }, 'nowhere'],
    ['publish', { exchange: 'b', routingKey: 'other', mandatory: true }, 'by the second'],
  ),
  'of a destination': alternates(
    exchange('a'),
    exchange('b', { type: 'direct', arguments: { 'alternate-exchange': 'c' } }),
    exchange('c'),
    chain('a', 'b'),
    bind('q', 'c'),
    ['publish', { exchange: 'a', routingKey: 'k', mandatory: true }, 'by the alternate of the second'],
  ),
  'that is internal': alternates(
    exchange('a', { type: 'direct', arguments: { 'alternate-exchange': 'b' } }),
    exchange('b', { internal: true }),
    bind('q', 'b'),
    ['publish', { exchange: 'a', routingKey: 'k', mandatory: true }, 'inside'],
  ),
  'that is the default exchange': alternates(
    exchange('a', { type: 'direct', arguments: { 'alternate-exchange': '' } }),
    ['publish', { exchange: 'a', routingKey: 'q', mandatory: true }, 'by the name of the queue'],
  ),
  'only for what has no route': alternates(
    exchange('a', { type: 'direct', arguments: { 'alternate-exchange': 'b' } }),
    exchange('b'),
    queue('other'),
    bind('other', 'a', 'k'),
    bind('q', 'b'),
    ['publish', { exchange: 'a', routingKey: 'k', mandatory: true }, 'not by the alternate'],
  ),
});
