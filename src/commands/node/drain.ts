import type { MemberChangeResult } from '../../operations/change-members.js';
import { drainMembers } from '../../operations/members.js';
import { hostChangeFlags } from '../base/day-two-command.js';
import { hostArgument, NodeCommand } from '../base/node-command.js';

export default class NodeDrain extends NodeCommand {
  static override summary = 'Take a node out of use, for work on its host';
  static override description =
    `Once no queue depends on it alone, the balancers send it no new connections, its leaders move to other
nodes and its connections end. It goes on running.`;

  static override examples = ['<%= config.bin %> node drain server2 --cluster warren.yaml --dry-run'];
  static override args = hostArgument;
  static override flags = hostChangeFlags;

  async run(): Promise<MemberChangeResult> {
    const { args, flags } = await this.parse(NodeDrain);
    const options = await this.changeOptions(await this.onlyHosts(flags.cluster), flags);
    return this.tellChange(await drainMembers({ ...options, nodes: [args.host] }, this.surroundings));
  }
}
