import { listNodes } from '../../operations/broker/connections.js';
import { nodeColumns } from '../../view/columns/connections.js';
import { ListCommand, listFlags } from '../base/list-command.js';

export default class NodeList extends ListCommand {
  static override summary = 'List the nodes with memory, disk and descriptors';
  static override examples = [
    '<%= config.bin %> node list',
    '<%= config.bin %> node list --columns name,running,memory,plugins',
  ];
  static override flags = listFlags;

  async run(): Promise<unknown> {
    const { flags } = await this.parse(NodeList);
    return this.list(flags, nodeColumns, listNodes);
  }
}
