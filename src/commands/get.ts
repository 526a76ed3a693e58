import * as Flags from '@oclif/core/flags';
import { type GotMessage, getMessages } from '../operations/broker/messages.js';
import { messagesText } from '../view/got-messages.js';
import { BrokerCommand, destroyFlags } from './base/broker-command.js';
import { confirm } from './base/confirm.js';
import { queueArgument } from './base/object-arguments.js';

export default class Get extends BrokerCommand {
  static override summary = 'Look at messages at the head of a queue';
  static override description =
    `By the management API. The messages go back to where they were, marked as redelivered; a queue that counts deliveries
(x-delivery-limit) counts this one.`;
  static override examples = [
    '<%= config.bin %> get orders',
    '<%= config.bin %> get orders --count 10 --json',
  ];
  static override args = queueArgument;
  static override flags = {
    ...destroyFlags,
    count: Flags.integer({ char: 'n', description: 'how many', default: 1, min: 1 }),
    take: Flags.boolean({ description: 'take them out of the queue; without it they go back' }),
  };

  async run(): Promise<readonly GotMessage[]> {
    const { args, flags } = await this.parse(Get);
    const { vhost, count, take } = flags;
    if (take) {
      const question = `Take up to ${count} messages out of queue ${args.queue} for good?`;
      await confirm(question, { yes: flags.yes, json: this.jsonEnabled() });
    }
    const messages = await this.withBroker(flags, (broker) =>
      getMessages(broker, { queue: args.queue, vhost, count, take }),
    );
    this.log(messagesText(messages));
    return messages;
  }
}
