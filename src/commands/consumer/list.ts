import * as Flags from '@oclif/core/flags';
import { listConsumers } from '../../operations/broker/connections.js';
import { consumerColumns } from '../../view/columns/connections.js';
import { ListCommand, listFlags } from '../base/list-command.js';

export default class ConsumerList extends ListCommand {
  static override summary = 'List the consumers, and the queues they read';
  static override description = `--filter looks at the consumer tag.`;
  static override examples = ['<%= config.bin %> consumer list', '<%= config.bin %> consumer list --vhost /'];
  static override flags = { ...listFlags, vhost: Flags.string({ description: 'of this vhost only' }) };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(ConsumerList);
    return this.list(flags, consumerColumns, (broker, query) => listConsumers(broker, flags.vhost, query));
  }
}
