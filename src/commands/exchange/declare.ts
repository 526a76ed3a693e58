import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { declareExchange } from '../../operations/broker/exchanges.js';
import type { Done } from '../../operations/broker/objects.js';
import { argumentFlag } from '../base/argument-flag.js';
import { BrokerCommand, changeFlags } from '../base/broker-command.js';

export default class ExchangeDeclare extends BrokerCommand {
  static override summary = 'Declare an exchange';
  static override examples = [
    '<%= config.bin %> exchange declare events --type topic',
    '<%= config.bin %> exchange declare lost --type fanout --argument alternate-exchange=amq.fanout',
  ];
  static override args = { exchange: Args.string({ description: 'its name', required: true }) };
  static override flags = {
    ...changeFlags,
    type: Flags.string({
      description: 'direct, fanout, topic, headers, or one that a plugin brings',
      default: 'direct',
    }),
    durable: Flags.boolean({
      description: 'it outlives a restart (default: yes)',
      default: true,
      allowNo: true,
    }),
    'auto-delete': Flags.boolean({ description: 'it goes with its last binding' }),
    internal: Flags.boolean({ description: 'only other exchanges may publish to it' }),
    argument: argumentFlag('an argument'),
  };

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(ExchangeDeclare);
    const { vhost, type, durable, internal } = flags;
    return this.change(flags, (broker) =>
      declareExchange(broker, {
        name: args.exchange,
        vhost,
        type,
        durable,
        internal,
        autoDelete: flags['auto-delete'],
        arguments: flags.argument,
      }),
    );
  }
}
