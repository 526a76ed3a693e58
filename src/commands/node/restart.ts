import { restartNode } from '../../operations/node-run.js';
import type { NodeResult } from '../../operations/on-node.js';
import { NodeCommand, nodeArgument, nodeFlags } from '../base/node-command.js';

export default class NodeRestart extends NodeCommand {
  static override summary = 'Stop a node cleanly and start it again';
  static override description = 'Its data stays.';
  static override examples = ['<%= config.bin %> node restart 2'];
  static override args = nodeArgument;
  static override flags = nodeFlags;

  async run(): Promise<NodeResult> {
    const { args, flags } = await this.parse(NodeRestart);
    const result = await restartNode(await this.optionsOf(args.node, flags), this.surroundings);
    return this.tell(result, 'running');
  }
}
