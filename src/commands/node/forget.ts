import type { MemberChangeResult } from '../../operations/change-members.js';
import { forgetMember } from '../../operations/members.js';
import { forgetNode } from '../../operations/node-members.js';
import type { NodeResult } from '../../operations/on-node.js';
import { confirm } from '../base/confirm.js';
import { memberArgument, memberFlags, NodeCommand } from '../base/node-command.js';

export default class NodeForget extends NodeCommand {
  static override summary = 'Make the others forget a stopped node';
  static override description = `Its files stay. To use it again: warren node reset, then warren node start
(on hosts: warren node reset).`;
  static override examples = [
    '<%= config.bin %> node forget 2 --yes',
    '<%= config.bin %> node forget server2 --cluster warren.yaml --dry-run',
  ];
  static override args = memberArgument;
  static override flags = memberFlags;

  async run(): Promise<NodeResult | MemberChangeResult> {
    const { args, flags } = await this.parse(NodeForget);
    const done = await this.onHosts(forgetMember, [args.node], flags);
    if (done) return done;
    const question = `Make the cluster forget ${args.node} and the queues that only it holds?`;
    await confirm(question, { yes: flags.yes, json: this.jsonEnabled() });
    const result = await forgetNode(await this.optionsOf(args.node, flags), this.surroundings);
    return this.tell(result, 'forgotten by the others');
  }
}
