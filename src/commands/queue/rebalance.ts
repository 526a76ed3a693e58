import type { Done } from '../../operations/broker/objects.js';
import { rebalanceQueues } from '../../operations/broker/queues.js';
import { BrokerCommand, brokerFlags } from '../base/broker-command.js';

export default class QueueRebalance extends BrokerCommand {
  static override summary = 'Spread the leaders of replicated queues evenly over the nodes';
  static override description =
    'The broker does it in the background; see where they are with: warren queue list --columns name,node';
  static override examples = ['<%= config.bin %> queue rebalance'];
  static override flags = brokerFlags;

  async run(): Promise<Done> {
    const { flags } = await this.parse(QueueRebalance);
    return this.change(flags, rebalanceQueues);
  }
}
