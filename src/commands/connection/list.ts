import * as Flags from '@oclif/core/flags';
import { listConnections } from '../../operations/broker/connections.js';
import { connectionColumns } from '../../view/columns/connections.js';
import { ListCommand, listFlags } from '../base/list-command.js';

export default class ConnectionList extends ListCommand {
  static override summary = 'List the connections of clients';
  static override examples = [
    '<%= config.bin %> connection list',
    '<%= config.bin %> connection list --vhost / --columns name,user,peer_host,received,sent',
  ];
  static override flags = { ...listFlags, vhost: Flags.string({ description: 'of this vhost only' }) };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(ConnectionList);
    return this.list(flags, connectionColumns, (broker, query) =>
      listConnections(broker, flags.vhost, query),
    );
  }
}
