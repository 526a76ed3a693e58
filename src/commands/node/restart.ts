import * as Args from '@oclif/core/args';
import { WarrenError } from '../../errors/warren-error.js';
import type { MemberChangeResult } from '../../operations/change-members.js';
import { restartMembers } from '../../operations/members.js';
import { restartNode } from '../../operations/node-run.js';
import type { NodeResult } from '../../operations/on-node.js';
import { memberArgument, memberFlags, NodeCommand } from '../base/node-command.js';

export default class NodeRestart extends NodeCommand {
  static override summary =
    'Stop a node cleanly and start it again; on hosts, without a name, all of them in turn';
  static override description =
    `Its data stays. On hosts, one node at a time: wait until no queue depends on it alone, have the
balancers and the node itself let go of their clients, stop it, start it, wait until the others see it.`;

  static override examples = [
    '<%= config.bin %> node restart 2',
    '<%= config.bin %> node restart --cluster warren.yaml --dry-run',
  ];

  static override args = { node: Args.string({ description: memberArgument.node.description! }) };
  static override flags = memberFlags;

  async run(): Promise<NodeResult | MemberChangeResult> {
    const { args, flags } = await this.parse(NodeRestart);
    const restarted = await this.onHosts(restartMembers, args.node === undefined ? [] : [args.node], flags);
    if (restarted) return restarted;
    if (args.node === undefined) {
      throw WarrenError.of('USAGE', { problem: 'which node of this machine?', command: 'node restart' });
    }
    const result = await restartNode(await this.optionsOf(args.node, flags), this.surroundings);
    return this.tell(result, 'running');
  }
}
