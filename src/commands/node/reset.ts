import type { MemberChangeResult } from '../../operations/change-members.js';
import { resetMember } from '../../operations/members.js';
import { resetNode } from '../../operations/node-members.js';
import type { NodeResult } from '../../operations/on-node.js';
import { confirm } from '../base/confirm.js';
import { memberArgument, memberFlags, NodeCommand } from '../base/node-command.js';

export default class NodeReset extends NodeCommand {
  static override summary = 'Make a node blank';
  static override description =
    `A running node is reset by rabbitmqctl (stop_app, reset, start_app) and, blank, finds its cluster\nagain by its configuration. One that is stopped, perhaps because it cannot start, loses its data.`;
  static override examples = [
    '<%= config.bin %> node reset 2 --yes',
    '<%= config.bin %> node reset server2 --cluster warren.yaml --dry-run',
  ];
  static override args = memberArgument;
  static override flags = memberFlags;

  async run(): Promise<NodeResult | MemberChangeResult> {
    const { args, flags } = await this.parse(NodeReset);
    const done = await this.onHosts(resetMember, [args.node], flags);
    if (done) return done;
    const question = `Reset ${args.node}, deleting the messages, users and policies that only it holds?`;
    await confirm(question, { yes: flags.yes, json: this.jsonEnabled() });
    const result = await resetNode(await this.optionsOf(args.node, flags), this.surroundings);
    return this.tell(result, 'reset');
  }
}
