/** Publisher confirms, transactions and direct reply-to on one channel, step by step. */
import { ack, consume, each, get, inTurn, nack, queue, reject, type Step, to } from '../steps.js';
import { twins } from '../twin.js';

const confirmed: Step = ['awaits BasicAck'];
const replies = 'amq.rabbitmq.reply-to';

twins('confirms', {
  'selected without waiting': inTurn(['ConfirmSelect', { nowait: true }], to('nowhere'), confirmed),
  'of what a full queue refuses': inTurn(
    ['ConfirmSelect'],
    queue('q', { 'x-max-length': 1, 'x-overflow': 'reject-publish' }),
    to('q', 'one'),
    confirmed,
    get('q', false),
    to('q', 'two'),
    confirmed,
    to('q', 'three'),
    ['awaits BasicNack'],
    queue('q'),
  ),
  'of returned ones behind their return': inTurn(
    ['ConfirmSelect'],
    to('nowhere', 'x', {}, { mandatory: true }),
    confirmed,
  ),
  'before a refusal': inTurn(['ConfirmSelect'], to('nowhere'), to('x', 'x', {}, { exchange: 'nosuch' })),
  'after transactions, and before them': each(['TxSelect'], ['ConfirmSelect']),
  'in a transaction': inTurn(['TxSelect'], ['ConfirmSelect']),
  'then a transaction': inTurn(['ConfirmSelect'], ['TxSelect']),
  'then a commit': inTurn(['ConfirmSelect'], ['TxCommit']),
});

twins('transactions', {
  'selected twice, committed empty, rolled back empty': inTurn(
    ['TxSelect'],
    ['TxSelect'],
    ['TxCommit'],
    ['TxRollback'],
    ['TxCommit'],
  ),
  'with a publish to an exchange that is not there': inTurn(
    ['TxSelect'],
    queue('q'),
    to('q', 'before'),
    to('q', 'x', {}, { exchange: 'nosuch' }),
    ['TxCommit'],
  ),
  'with an acknowledgement of an unknown tag': inTurn(['TxSelect'], ack(5)),
  'with a nack and a reject': inTurn(
    queue('q'),
    to('q', 'one'),
    to('q', 'two'),
    ['TxSelect'],
    get('q', false),
    get('q', false),
    nack(1),
    reject(2, true),
    get('q'),
    ['TxCommit'],
    get('q', false),
    get('q'),
  ),
  'acknowledged twice': inTurn(queue('q'), to('q', 'one'), ['TxSelect'], get('q', false), ack(1), ack(1)),
  'rolled back, then acknowledged': inTurn(
    queue('q'),
    to('q', 'one'),
    ['TxSelect'],
    get('q', false),
    ack(1),
    ['TxRollback'],
    ack(1),
    ['TxCommit'],
    queue('q'),
  ),
  'closed without a commit': inTurn(
    queue('q'),
    ['TxSelect'],
    to('q', 'never'),
    ['ChannelClose', { replyCode: 200, replyText: '', classId: 0, methodId: 0 }],
    ['ChannelOpen'],
    get('q'),
  ),
  'into a full queue': inTurn(
    queue('q', { 'x-max-length': 1, 'x-overflow': 'reject-publish' }),
    to('q', 'one'),
    ['TxSelect'],
    to('q', 'two'),
    ['TxCommit'],
  ),
  'with an immediate publish': inTurn(['TxSelect'], to('q', 'x', {}, { immediate: true })),
  'with a declaration, which is no part of it': inTurn(
    ['TxSelect'],
    queue('q'),
    ['TxRollback'],
    ['QueueDeclare', { queue: 'q', passive: true }],
  ),
});

twins('direct reply-to, asked in other ways', {
  'got, purged, bound and deleted': each(
    get(replies),
    ['QueuePurge', { queue: replies }],
    ['QueueBind', { queue: replies, exchange: 'amq.fanout' }],
    ['QueueUnbind', { queue: replies, exchange: 'amq.fanout' }],
    ['QueueDelete', { queue: replies }],
  ),
  'declared with flags': each(
    ['QueueDeclare', { queue: replies, durable: true, exclusive: true }],
    ['QueueDeclare', { queue: replies, arguments: { 'x-max-length': 'many' } }],
    ['QueueDeclare', { queue: replies, nowait: true }],
  ),
  'consumed exclusively, cancelled, and consumed again': inTurn(
    consume(replies, { noAck: true, exclusive: true }),
    ['BasicCancel', { consumerTag: 'c' }],
    ['BasicCancel', { consumerTag: 'c' }],
    consume(replies, { noAck: true }),
  ),
  'cancelled, and published with': inTurn(
    consume(replies, { noAck: true }),
    ['BasicCancel', { consumerTag: 'c' }],
    to('nowhere', 'x', { replyTo: replies }),
  ),
  'consumed without waiting': inTurn(
    consume(replies, { noAck: true, nowait: true }),
    consume(replies, { noAck: true }),
  ),
  'a second consumer with another tag, and a queue with the first': inTurn(
    queue('q'),
    consume(replies, { noAck: true }),
    consume('q'),
  ),
  'an address of another kind is a property like any other': inTurn(
    queue('q'),
    to('q', 'x', { replyTo: 'amq.rabbitmq.reply' }),
    get('q'),
  ),
});
