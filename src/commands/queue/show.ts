import type { Row } from '../../operations/broker/list.js';
import { showQueue } from '../../operations/broker/queues.js';
import { BrokerCommand, changeFlags } from '../base/broker-command.js';
import { queueArgument } from '../base/object-arguments.js';

export default class QueueShow extends BrokerCommand {
  static override summary = 'Show all that the broker says of a queue';
  static override examples = ['<%= config.bin %> queue show orders'];
  static override args = queueArgument;
  static override flags = changeFlags;

  async run(): Promise<Row> {
    const { args, flags } = await this.parse(QueueShow);
    return this.show(flags, (broker) => showQueue(broker, { name: args.queue, vhost: flags.vhost }));
  }
}
