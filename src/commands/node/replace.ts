import type { MemberChangeResult } from '../../operations/change-members.js';
import { replaceNode } from '../../operations/members.js';
import { hostChangeFlags } from '../base/day-two-command.js';
import { hostArgument, NodeCommand } from '../base/node-command.js';

export default class NodeReplace extends NodeCommand {
  static override summary = 'Build a host anew in the place of one that died for good';
  static override description =
    `The new host has the old one's name in the cluster file. The others forget the old node, and the new
one is built, joins and gets its share of the queues. If the host still has data of the old node, it goes.`;

  static override examples = ['<%= config.bin %> node replace server2 --cluster warren.yaml --dry-run'];
  static override args = hostArgument;
  static override flags = hostChangeFlags;

  async run(): Promise<MemberChangeResult> {
    const { args, flags } = await this.parse(NodeReplace);
    const options = await this.changeOptions(await this.onlyHosts(flags.cluster), flags);
    return this.tellChange(await replaceNode({ ...options, nodes: [args.host] }, this.surroundings));
  }
}
