import { listVhosts } from '../../operations/broker/vhosts.js';
import { vhostColumns } from '../../view/columns/vhosts.js';
import { ListCommand, listFlags } from '../base/list-command.js';

export default class VhostList extends ListCommand {
  static override summary = 'List the vhosts';
  static override examples = ['<%= config.bin %> vhost list'];
  static override flags = listFlags;

  async run(): Promise<unknown> {
    const { flags } = await this.parse(VhostList);
    return this.list(flags, vhostColumns, listVhosts);
  }
}
