/** Class tx (AMQP 0-9-1, 1.9): atomic as far as RabbitMQ is, publishes first and then the settlements, in order. */
import { AmqpError } from '../../protocol/amqp-error.js';
import type { Channel } from '../channel.js';
import { Transaction } from '../transaction.js';
import type { Handlers } from './index.js';

export const txMethods = {
  'tx.select': (channel) => {
    if (channel.confirming) {
      throw new AmqpError('PRECONDITION_FAILED', 'cannot switch from confirm to tx mode');
    }
    channel.trackPublishes();
    channel.transaction ??= new Transaction();
    channel.send('tx.select-ok');
    return undefined;
  },

  'tx.commit': (channel) => {
    const transaction = transactionOf(channel);
    const { publishes, settlements } = transaction.take();
    transaction.committing = true;
    for (const { message, queues, mandatory } of publishes) {
      channel.publishConfirmed(message, queues, mandatory);
    }
    for (const { settlement, consumer, queue, position } of settlements) {
      channel.settleNow(settlement, consumer, queue, position);
    }
    channel.becomeReady();
    const method = channel.current;
    channel.onTransactionSettled = () => complete(channel, transaction, method);
    if (channel.confirms!.open === 0) complete(channel, transaction, method);
    return undefined;
  },

  'tx.rollback': (channel) => {
    const { settlements } = transactionOf(channel).take();
    channel.unacked.giveBack(settlements);
    channel.send('tx.rollback-ok');
    return undefined;
  },
} satisfies Handlers;

function transactionOf(channel: Channel): Transaction {
  if (channel.transaction === null)
    throw new AmqpError('PRECONDITION_FAILED', 'channel is not transactional');
  return channel.transaction;
}

/** commit-ok is sent when every queue has answered for every publish. */
function complete(channel: Channel, transaction: Transaction, method: number): void {
  const confirms = channel.confirms!;
  if (confirms.open > 0) return;
  channel.onTransactionSettled = null;
  transaction.committing = false;
  if (confirms.settledRefusals() === 0) channel.send('tx.commit-ok');
  else {
    const error = new AmqpError('PRECONDITION_FAILED', 'partial tx completion');
    channel.connection.failed(error, channel, method);
  }
}
