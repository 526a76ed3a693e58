import { stopNode } from '../../operations/node-run.js';
import type { NodeResult } from '../../operations/on-node.js';
import { NodeCommand, nodeArgument, nodeFlags } from '../base/node-command.js';

export default class NodeStop extends NodeCommand {
  static override summary = 'Stop a node cleanly';
  static override description = 'As when its host is shut down: it tells the others that it leaves.';
  static override examples = ['<%= config.bin %> node stop 2'];
  static override args = nodeArgument;
  static override flags = nodeFlags;

  async run(): Promise<NodeResult> {
    const { args, flags } = await this.parse(NodeStop);
    const result = await stopNode(await this.optionsOf(args.node, flags), this.surroundings);
    return this.tell(result, 'stopped');
  }
}
