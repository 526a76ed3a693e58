import type { MemberChangeResult } from '../../operations/change-members.js';
import { removeNode as removeNodeOfHosts } from '../../operations/members.js';
import { removeNode } from '../../operations/node-members.js';
import type { NodeResult } from '../../operations/on-node.js';
import { confirm } from '../base/confirm.js';
import { memberArgument, memberFlags, NodeCommand } from '../base/node-command.js';

export default class NodeRemove extends NodeCommand {
  static override summary = 'Take a node out of its cluster for good';
  static override description =
    `It is stopped, forgotten by the others, and its files are removed. On hosts, no balancer and no
other host knows it afterwards; one whose host is dead is only forgotten.`;
  static override examples = [
    '<%= config.bin %> node remove 3 --yes',
    '<%= config.bin %> node remove server4 --cluster warren.yaml --dry-run',
  ];
  static override args = memberArgument;
  static override flags = memberFlags;

  async run(): Promise<NodeResult | MemberChangeResult> {
    const { args, flags } = await this.parse(NodeRemove);
    const done = await this.onHosts(removeNodeOfHosts, [args.node], flags);
    if (done) return done;
    const question = `Remove ${args.node} and the messages that only it holds?`;
    await confirm(question, { yes: flags.yes, json: this.jsonEnabled() });
    const result = await removeNode(await this.optionsOf(args.node, flags), this.surroundings);
    return this.tell(result, 'removed from the cluster; its files are gone');
  }
}
