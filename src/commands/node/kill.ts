import { killNode } from '../../operations/node-run.js';
import type { NodeResult } from '../../operations/on-node.js';
import { NodeCommand, nodeArgument, nodeFlags } from '../base/node-command.js';

export default class NodeKill extends NodeCommand {
  static override summary = 'End a node at once, as a power cut would';
  static override description = 'SIGKILL to its processes. Start it again with: warren node start';
  static override examples = ['<%= config.bin %> node kill 2'];
  static override args = nodeArgument;
  static override flags = nodeFlags;

  async run(): Promise<NodeResult> {
    const { args, flags } = await this.parse(NodeKill);
    const result = await killNode(await this.optionsOf(args.node, flags), this.surroundings);
    return this.tell(result, 'killed');
  }
}
