import type { MemberChangeResult } from '../../operations/change-members.js';
import { leaveCluster } from '../../operations/members.js';
import { hostChangeFlags } from '../base/day-two-command.js';
import { hostArgument, NodeCommand } from '../base/node-command.js';

export default class NodeLeave extends NodeCommand {
  static override summary = 'Have a node leave its cluster, and stop';
  static override description =
    `Taken out of use, stopped, forgotten by the others, and blank; warren node join brings it back.`;

  static override examples = ['<%= config.bin %> node leave server2 --cluster warren.yaml --dry-run'];
  static override args = hostArgument;
  static override flags = hostChangeFlags;

  async run(): Promise<MemberChangeResult> {
    const { args, flags } = await this.parse(NodeLeave);
    const options = await this.changeOptions(await this.onlyHosts(flags.cluster), flags);
    return this.tellChange(await leaveCluster({ ...options, nodes: [args.host] }, this.surroundings));
  }
}
