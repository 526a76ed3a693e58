import { addBinding } from '../../operations/broker/exchanges.js';
import type { Done } from '../../operations/broker/objects.js';
import { bindingArgs, bindingFlags } from '../base/binding-flags.js';
import { BrokerCommand, changeFlags } from '../base/broker-command.js';

export default class BindingAdd extends BrokerCommand {
  static override summary = 'Bind a queue, or an exchange, to an exchange';
  static override examples = ["<%= config.bin %> binding add events orders --routing-key 'order.#'"];
  static override args = bindingArgs;
  static override flags = { ...changeFlags, ...bindingFlags };

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(BindingAdd);
    const { vhost, argument, 'routing-key': routingKey, 'to-exchange': toExchange } = flags;
    const binding = { ...args, vhost, routingKey, toExchange, arguments: argument };
    return this.change(flags, (broker) => addBinding(broker, binding));
  }
}
