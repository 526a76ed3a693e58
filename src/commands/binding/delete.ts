import { deleteBinding } from '../../operations/broker/exchanges.js';
import type { Done } from '../../operations/broker/objects.js';
import { bindingArgs, bindingFlags } from '../base/binding-flags.js';
import { BrokerCommand, destroyFlags } from '../base/broker-command.js';

export default class BindingDelete extends BrokerCommand {
  static override summary = 'Take a binding away';
  static override examples = ["<%= config.bin %> binding delete events orders --routing-key 'order.#' --yes"];
  static override args = bindingArgs;
  static override flags = { ...destroyFlags, ...bindingFlags };

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(BindingDelete);
    const { vhost, argument, 'routing-key': routingKey, 'to-exchange': toExchange } = flags;
    const binding = { ...args, vhost, routingKey, toExchange, arguments: argument };
    const question = `Unbind ${args.destination} from exchange ${args.source}?`;
    return this.destroy(flags, question, (broker) => deleteBinding(broker, binding));
  }
}
