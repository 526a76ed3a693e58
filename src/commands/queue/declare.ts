import * as Flags from '@oclif/core/flags';
import type { Done } from '../../operations/broker/objects.js';
import { declareQueue } from '../../operations/broker/queues.js';
import { argumentFlag } from '../base/argument-flag.js';
import { BrokerCommand, changeFlags } from '../base/broker-command.js';
import { queueArgument } from '../base/object-arguments.js';

export default class QueueDeclare extends BrokerCommand {
  static override summary = 'Declare a queue';
  static override description =
    'One that is there with the same properties is left as it is; with others, the broker refuses.';
  static override examples = [
    '<%= config.bin %> queue declare orders',
    '<%= config.bin %> queue declare payments --type quorum',
    '<%= config.bin %> queue declare recent --argument x-message-ttl=60000 --argument x-max-length=1000',
  ];
  static override args = queueArgument;
  static override flags = {
    ...changeFlags,
    type: Flags.string({
      description: "its type (default: the vhost's, usually classic)",
      options: ['classic', 'quorum', 'stream'],
    }),
    durable: Flags.boolean({
      description: 'it outlives a restart (default: yes)',
      default: true,
      allowNo: true,
    }),
    'auto-delete': Flags.boolean({ description: 'it goes with its last consumer' }),
    argument: argumentFlag('an argument, such as x-max-length=1000'),
    node: Flags.string({ description: 'where its leader is to be', helpValue: 'NODE' }),
  };

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(QueueDeclare);
    const { vhost, type, durable, node } = flags;
    const options = { name: args.queue, vhost, type, durable, node };
    return this.change(flags, (broker) =>
      declareQueue(broker, { ...options, autoDelete: flags['auto-delete'], arguments: flags.argument }),
    );
  }
}
