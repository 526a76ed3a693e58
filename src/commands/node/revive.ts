import type { MemberChangeResult } from '../../operations/change-members.js';
import { reviveMembers } from '../../operations/members.js';
import { hostChangeFlags } from '../base/day-two-command.js';
import { hostArgument, NodeCommand } from '../base/node-command.js';

export default class NodeRevive extends NodeCommand {
  static override summary = 'Put a drained node into use again';
  static override description = `It lets clients in, and the balancers send it connections.`;

  static override examples = ['<%= config.bin %> node revive server2 --cluster warren.yaml --dry-run'];
  static override args = hostArgument;
  static override flags = hostChangeFlags;

  async run(): Promise<MemberChangeResult> {
    const { args, flags } = await this.parse(NodeRevive);
    const options = await this.changeOptions(await this.onlyHosts(flags.cluster), flags);
    return this.tellChange(await reviveMembers({ ...options, nodes: [args.host] }, this.surroundings));
  }
}
