import * as Flags from '@oclif/core/flags';
import { listExchanges } from '../../operations/broker/exchanges.js';
import { exchangeColumns } from '../../view/columns/exchanges.js';
import { ListCommand, listFlags } from '../base/list-command.js';

export default class ExchangeList extends ListCommand {
  static override summary = 'List the exchanges';
  static override examples = [
    '<%= config.bin %> exchange list --vhost /',
    "<%= config.bin %> exchange list --filter '^(?!amq)' --columns name,type,in,out",
  ];
  static override flags = { ...listFlags, vhost: Flags.string({ description: 'of this vhost only' }) };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(ExchangeList);
    return this.list(flags, exchangeColumns, (broker, query) => listExchanges(broker, flags.vhost, query));
  }
}
