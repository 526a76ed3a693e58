import { resumeNode } from '../../operations/node-run.js';
import type { NodeResult } from '../../operations/on-node.js';
import { NodeCommand, nodeArgument, nodeFlags } from '../base/node-command.js';

export default class NodeResume extends NodeCommand {
  static override summary = 'Let a paused node go on';
  static override description = 'SIGCONT, after warren node pause.';
  static override examples = ['<%= config.bin %> node resume 2'];
  static override args = nodeArgument;
  static override flags = nodeFlags;

  async run(): Promise<NodeResult> {
    const { args, flags } = await this.parse(NodeResume);
    const result = await resumeNode(await this.optionsOf(args.node, flags), this.surroundings);
    return this.tell(result, 'running');
  }
}
