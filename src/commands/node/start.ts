import { startNode } from '../../operations/node-run.js';
import type { NodeResult } from '../../operations/on-node.js';
import { NodeCommand, nodeArgument, nodeFlags } from '../base/node-command.js';

export default class NodeStart extends NodeCommand {
  static override summary = 'Start a stopped node of a local cluster';
  static override description = 'It starts with the data that it has.';
  static override examples = ['<%= config.bin %> node start 2'];
  static override args = nodeArgument;
  static override flags = nodeFlags;

  async run(): Promise<NodeResult> {
    const { args, flags } = await this.parse(NodeStart);
    const result = await startNode(await this.optionsOf(args.node, flags), this.surroundings);
    return this.tell(result, 'running');
  }
}
