import { pauseNode } from '../../operations/node-run.js';
import type { NodeResult } from '../../operations/on-node.js';
import { NodeCommand, nodeArgument, nodeFlags } from '../base/node-command.js';

export default class NodePause extends NodeCommand {
  static override summary = 'Freeze a node, as when its host hangs';
  static override description = 'SIGSTOP: its connections stay open, its ports accept, and nothing answers.';
  static override examples = ['<%= config.bin %> node pause 2'];
  static override args = nodeArgument;
  static override flags = nodeFlags;

  async run(): Promise<NodeResult> {
    const { args, flags } = await this.parse(NodePause);
    const result = await pauseNode(await this.optionsOf(args.node, flags), this.surroundings);
    return this.tell(result, 'paused');
  }
}
