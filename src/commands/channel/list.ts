import * as Flags from '@oclif/core/flags';
import { listChannels } from '../../operations/broker/connections.js';
import { channelColumns } from '../../view/columns/connections.js';
import { ListCommand, listFlags } from '../base/list-command.js';

export default class ChannelList extends ListCommand {
  static override summary = 'List the channels, of all connections or of one';
  static override examples = ['<%= config.bin %> channel list', '<%= config.bin %> channel list --vhost /'];
  static override flags = {
    ...listFlags,
    vhost: Flags.string({ description: 'of this vhost only', exclusive: ['connection'] }),
    connection: Flags.string({ description: 'of this connection only', helpValue: 'NAME' }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(ChannelList);
    return this.list(flags, channelColumns, (broker, query) => listChannels(broker, flags, query));
  }
}
