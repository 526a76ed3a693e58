import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { deleteBinding } from '../../operations/broker/exchanges.js';
import type { Done } from '../../operations/broker/objects.js';
import { BrokerCommand, destroyFlags } from '../base/broker-command.js';

export default class BindingDelete extends BrokerCommand {
  static override summary = 'Take a binding away';
  static override examples = ["<%= config.bin %> binding delete events orders --routing-key 'order.#' --yes"];
  static override args = {
    source: Args.string({ description: 'the exchange', required: true }),
    destination: Args.string({
      description: 'the queue, or with --to-exchange the exchange',
      required: true,
    }),
  };
  static override flags = {
    ...destroyFlags,
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
    const { args, flags } = await this.parse(BindingDelete);
    const { vhost, argument, 'routing-key': routingKey, 'to-exchange': toExchange } = flags;
    const binding = { ...args, vhost, routingKey, toExchange, arguments: argument };
    const question = `Unbind ${args.destination} from exchange ${args.source}?`;
    return this.destroy(flags, question, (broker) => deleteBinding(broker, binding));
  }
}
