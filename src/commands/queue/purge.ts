import type { Done } from '../../operations/broker/objects.js';
import { purgeQueue } from '../../operations/broker/queues.js';
import { BrokerCommand, destroyFlags } from '../base/broker-command.js';
import { queueArgument } from '../base/object-arguments.js';

export default class QueuePurge extends BrokerCommand {
  static override summary = 'Delete the messages of a queue, and keep the queue';
  static override description = 'Messages that a consumer holds unacknowledged stay.';
  static override examples = ['<%= config.bin %> queue purge orders --yes'];
  static override args = queueArgument;
  static override flags = destroyFlags;

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(QueuePurge);
    const options = { name: args.queue, vhost: flags.vhost };
    const question = `Delete all messages of queue ${args.queue} in vhost ${flags.vhost}?`;
    return this.destroy(flags, question, (broker) => purgeQueue(broker, options));
  }
}
