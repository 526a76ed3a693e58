import { removeNode } from '../../operations/node-members.js';
import type { NodeResult } from '../../operations/on-node.js';
import { confirm } from '../base/confirm.js';
import { destructiveNodeFlags, NodeCommand, nodeArgument } from '../base/node-command.js';

export default class NodeRemove extends NodeCommand {
  static override summary = 'Take a node out of its cluster for good';
  static override description = `It is stopped, forgotten by the others, and its files are removed.`;
  static override examples = ['<%= config.bin %> node remove 3 --yes'];
  static override args = nodeArgument;
  static override flags = destructiveNodeFlags;

  async run(): Promise<NodeResult> {
    const { args, flags } = await this.parse(NodeRemove);
    const question = `Remove ${args.node} and the messages that only it holds?`;
    await confirm(question, { yes: flags.yes, json: this.jsonEnabled() });
    const result = await removeNode(await this.optionsOf(args.node, flags), this.surroundings);
    return this.tell(result, 'removed from the cluster; its files are gone');
  }
}
