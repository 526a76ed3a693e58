/** Queues: names, flags and refusals, each by every method that has them. */
import { describe } from 'vitest';
import { each, inTurn, type Step } from '../steps.js';
import { twin, twins } from '../twin.js';

const queue = (name: string, fields: Record<string, unknown> = {}): Step => [
  'QueueDeclare',
  { queue: name, ...fields },
];
twins('line breaks in names', {
  ...Object.fromEntries(
    (
      [
        ['QueuePurge', { queue: 'q\n' }],
        ['BasicGet', { queue: 'q\n', noAck: true }],
        ['BasicConsume', { queue: '\nq', consumerTag: 'c' }],
        ['publish', { exchange: 'amq.direct\n', routingKey: 'q' }],
      ] satisfies Step[]
    ).map((step) => [`stay where something is looked for: ${step[0]}`, inTurn(queue('q'), step)]),
  ),
  'go where it is deleted, or bound': inTurn(
    queue('\rq\n'),
    ['QueueBind', { queue: 'q\r', exchange: '\namq.direct', routingKey: 'k' }],
    ['QueueUnbind', { queue: 'q\r', exchange: 'amq.direct\n', routingKey: 'k' }],
    ['QueueDelete', { queue: '\nq' }],
    queue('q', { passive: true }),
  ),
});

twins('names of queues', {
  reserved: each(
    ...['amq.', 'amq.new', 'amq.gen-new', 'AMQ.q', 'amq'].map((name) => queue(name, { exclusive: true })),
  ),
  'passive and reserved': each(queue('amq.nosuch', { passive: true }), queue('', { passive: true })),
  'of 255 octets': each(
    queue('q'.repeat(255), { exclusive: true }),
    queue('é'.repeat(127), { exclusive: true }),
  ),
  'with line breaks and spaces': each(
    queue('\n', { exclusive: true }),
    queue(' ', { exclusive: true }),
    queue('a\r\nb', { exclusive: true }),
    ['QueueDelete', { queue: 'a\nb' }],
  ),
  'left out, after the queue is gone': inTurn(
    queue('q'),
    ['QueueDelete', { queue: '' }],
    ['QueuePurge', { queue: '' }],
  ),
  'left out by every method': inTurn(
    queue('q'),
    ['QueueBind', { queue: '', exchange: 'amq.direct', routingKey: '' }],
    ['publish', { exchange: 'amq.direct', routingKey: 'q' }, 'by the name of the queue'],
    ['BasicGet', { queue: '', noAck: true }],
    ['QueueUnbind', { queue: '', exchange: 'amq.direct', routingKey: '' }],
    ['publish', { exchange: 'amq.direct', routingKey: 'q', mandatory: true }, 'returned'],
    ['QueuePurge', { queue: '' }],
    ['BasicConsume', { queue: '', consumerTag: 'c' }],
    ['QueueDelete', { queue: '' }],
  ),
  'left out, and no queue was declared': each(
    ['QueueBind', { queue: '', exchange: 'amq.direct', routingKey: '' }],
    ['QueueUnbind', { queue: '', exchange: 'amq.direct', routingKey: 'k' }],
    ['QueuePurge', { queue: '' }],
    ['QueueDelete', { queue: '' }],
    ['BasicGet', { queue: '' }],
    ['BasicConsume', { queue: '' }],
  ),
});

twins('a queue declared again', {
  'by each flag': each(
    queue('q', { durable: true }),
    queue('q', { durable: false }),
    queue('q', { durable: true, exclusive: true }),
    queue('q', { durable: true, autoDelete: true }),
    queue('q', { durable: true, autoDelete: true, passive: true }),
    queue('q', { durable: true, nowait: true }),
  ),
  'exclusive, by its owner': each(
    queue('q', { exclusive: true }),
    queue('q', { exclusive: true }),
    queue('q', { exclusive: false }),
    queue('q', { exclusive: true, durable: true }),
    queue('q', { passive: true }),
  ),
  'without waiting, and wrong': inTurn(queue('q'), queue('q', { durable: true, nowait: true })),
});

twins('an exclusive queue and another connection', {
  'by every method': async (t) => {
    const owner = await t.rawChannel();
    await owner.ask('QueueDeclare', { queue: 'q', exclusive: true });
    await owner.ask('QueueBind', { queue: 'q', exchange: 'amq.direct', routingKey: 'bound' });
    const methods: [string, Record<string, unknown>][] = [
      ['QueueDeclare', { queue: 'q', exclusive: true }],
      ['QueueDeclare', { queue: 'q' }],
      ['QueueDeclare', { queue: 'q', passive: true }],
      ['QueueBind', { queue: 'q', exchange: 'amq.fanout' }],
      ['QueueUnbind', { queue: 'q', exchange: 'amq.fanout' }],
      ['QueueUnbind', { queue: 'q', exchange: 'amq.direct', routingKey: 'bound' }],
      ['QueuePurge', { queue: 'q' }],
      ['QueueDelete', { queue: 'q' }],
      ['QueueDelete', { queue: 'q', ifUnused: true }],
      ['BasicGet', { queue: 'q' }],
      ['BasicConsume', { queue: 'q' }],
    ];
    const other = await t.raw();
    await other.handshake(t.vhost);
    for (const [index, [name, fields]] of methods.entries()) {
      await other.openChannel(index + 1);
      await other.ask(name, fields, index + 1);
    }
  },
});

twins('deleting a queue', {
  'if-unused, with a consumer': inTurn(
    queue('q'),
    ['BasicConsume', { queue: 'q', consumerTag: 'c' }],
    ['QueueDelete', { queue: 'q', ifUnused: true }],
  ),
  'if-empty, with a message': inTurn(
    queue('q'),
    ['publish', { exchange: '', routingKey: 'q' }, 'one'],
    ['QueueDelete', { queue: 'q', ifEmpty: true }],
  ),
  'if-empty, with a message that was given out': inTurn(
    queue('q'),
    ['publish', { exchange: '', routingKey: 'q' }, 'one'],
    ['BasicGet', { queue: 'q' }],
    ['QueueDelete', { queue: 'q', ifEmpty: true }],
  ),
  'if both, with a message and a consumer of another queue': inTurn(
    queue('q'),
    ['publish', { exchange: '', routingKey: 'q' }, 'one'],
    ['QueueDelete', { queue: 'q', ifUnused: true, ifEmpty: true }],
  ),
  'without waiting': inTurn(
    queue('q'),
    ['QueueDelete', { queue: 'q', nowait: true }],
    queue('q', { passive: true }),
  ),
  'purged without waiting': inTurn(
    queue('q'),
    ['publish', { exchange: '', routingKey: 'q' }, 'one'],
    ['QueuePurge', { queue: 'q', nowait: true }],
    ['QueueDelete', { queue: 'q' }],
  ),
});

describe('queues of a vhost with limits', () => {
  twin('exclusive and server-named ones count', async (t) => {
    await t.api('PUT', 'vhost-limits/VHOST/max-queues', { value: 2 });
    const raw = await t.rawChannel();
    await raw.ask('QueueDeclare', { queue: 'one', exclusive: true });
    await raw.ask('QueueDeclare', { queue: '', exclusive: true });
    await raw.ask('QueueDeclare', { queue: 'one', exclusive: true });
    await raw.ask('QueueDelete', { queue: 'one' });
    await raw.ask('QueueDeclare', { queue: 'two' });
    await raw.ask('QueueDeclare', { queue: 'three' });
  });
});
