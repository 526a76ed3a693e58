import * as Flags from '@oclif/core/flags';
import { listBindings } from '../../operations/broker/exchanges.js';
import { bindingColumns } from '../../view/columns/exchanges.js';
import { ListCommand, listFlags } from '../base/list-command.js';

export default class BindingList extends ListCommand {
  static override summary = 'List the bindings';
  static override description = `--filter looks at source and destination.`;
  static override examples = [
    '<%= config.bin %> binding list',
    '<%= config.bin %> binding list --filter events',
  ];
  static override flags = { ...listFlags, vhost: Flags.string({ description: 'of this vhost only' }) };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(BindingList);
    return this.list(flags, bindingColumns, (broker, query) => listBindings(broker, flags.vhost, query));
  }
}
