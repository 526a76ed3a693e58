import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { addBinding } from '../../operations/broker/exchanges.js';
import type { Done } from '../../operations/broker/objects.js';
import { BrokerCommand, changeFlags } from '../base/broker-command.js';

export default class BindingAdd extends BrokerCommand {
  static override summary = 'Bind a queue, or an exchange, to an exchange';
  static override examples = ["<%= config.bin %> binding add events orders --routing-key 'order.#'"];
  static override args = {
    source: Args.string({ description: 'the exchange', required: true }),
    destination: Args.string({
      description: 'the queue, or with --to-exchange the exchange',
      required: true,
    }),
  };
  static override flags = {
    ...changeFlags,
    'routing-key': Flags.string({ char: 'r', description: 'the routing key', default: '' }),
    'to-exchange': Flags.boolean({ description: 'the destination is an exchange' }),
    argument: Flags.string({
      description: 'an argument',
      helpValue: 'KEY=VALUE',
      multiple: true,
      multipleNonGreedy: true,
      default: [],
    }),
  };

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(BindingAdd);
    const { vhost, argument, 'routing-key': routingKey, 'to-exchange': toExchange } = flags;
    const binding = { ...args, vhost, routingKey, toExchange, arguments: argument };
    return this.change(flags, (broker) => addBinding(broker, binding));
  }
}
