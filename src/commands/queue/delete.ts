import * as Flags from '@oclif/core/flags';
import type { Done } from '../../operations/broker/objects.js';
import { deleteQueue } from '../../operations/broker/queues.js';
import { BrokerCommand, destroyFlags } from '../base/broker-command.js';
import { queueArgument } from '../base/object-arguments.js';

export default class QueueDelete extends BrokerCommand {
  static override summary = 'Delete a queue with its messages';
  static override examples = [
    '<%= config.bin %> queue delete recent --yes',
    '<%= config.bin %> queue delete payments --if-empty --if-unused --yes',
  ];
  static override args = queueArgument;
  static override flags = {
    ...destroyFlags,
    'if-empty': Flags.boolean({ description: 'only if it holds no message' }),
    'if-unused': Flags.boolean({ description: 'only if it has no consumer' }),
  };

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(QueueDelete);
    const options = {
      name: args.queue,
      vhost: flags.vhost,
      ifEmpty: flags['if-empty'],
      ifUnused: flags['if-unused'],
    };
    const question = `Delete queue ${args.queue} in vhost ${flags.vhost} with all its messages?`;
    return this.destroy(flags, question, (broker) => deleteQueue(broker, options));
  }
}
