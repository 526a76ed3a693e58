import { forgetNode } from '../../operations/node-members.js';
import type { NodeResult } from '../../operations/on-node.js';
import { confirm } from '../base/confirm.js';
import { destructiveNodeFlags, NodeCommand, nodeArgument } from '../base/node-command.js';

export default class NodeForget extends NodeCommand {
  static override summary = 'Make the others forget a stopped node';
  static override description = `Its files stay. To use it again: warren node reset, then warren node start.`;
  static override examples = ['<%= config.bin %> node forget 2 --yes'];
  static override args = nodeArgument;
  static override flags = destructiveNodeFlags;

  async run(): Promise<NodeResult> {
    const { args, flags } = await this.parse(NodeForget);
    const question = `Make the cluster forget ${args.node} and the queues that only it holds?`;
    await confirm(question, { yes: flags.yes, json: this.jsonEnabled() });
    const result = await forgetNode(await this.optionsOf(args.node, flags), this.surroundings);
    return this.tell(result, 'forgotten by the others');
  }
}
