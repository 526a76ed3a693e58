import * as Flags from '@oclif/core/flags';
import type { MemberChangeResult } from '../../operations/change-members.js';
import { holdingsOf } from '../../operations/holdings.js';
import { joinCluster } from '../../operations/members.js';
import { joinNode } from '../../operations/node-members.js';
import type { NodeResult } from '../../operations/on-node.js';
import { confirm } from '../base/confirm.js';
import { memberArgument, memberFlags, NodeCommand } from '../base/node-command.js';

export default class NodeJoin extends NodeCommand {
  static override summary = 'Join a node to a cluster';
  static override description =
    `The steps that an operator types: stop_app, join_cluster, start_app. Joining deletes all
that the joining node holds, so a node that holds anything has its definitions exported first.`;

  static override examples = [
    '<%= config.bin %> node join spare --yes',
    '<%= config.bin %> node join server3 --cluster warren.yaml --dry-run',
  ];
  static override args = memberArgument;
  static override flags = {
    ...memberFlags,
    to: Flags.string({
      description: 'on this machine: the node whose cluster is joined (default: another running one)',
    }),
  };

  async run(): Promise<(NodeResult & { exported?: string }) | MemberChangeResult> {
    const { args, flags } = await this.parse(NodeJoin);
    const joined = await this.onHosts(joinCluster, [args.node], flags);
    if (joined) return joined;
    const cluster = await this.localCluster(flags.cluster);
    const held = await holdingsOf({ cluster, node: args.node }, this.surroundings);
    if (held.words.length > 0) {
      const question = `Join ${args.node}, deleting what it holds (${held.words.join(', ')})?`;
      await confirm(question, { yes: flags.yes, json: this.jsonEnabled() });
    }
    const exported = held.words.length > 0 ? await held.exportDefinitions() : undefined;
    const options = await this.optionsOf(args.node, flags);
    const result = await joinNode({ ...options, to: flags.to }, this.surroundings);
    if (exported) this.log(`Its definitions were exported to ${exported}`);
    return { ...this.tell(result, 'joined'), ...(exported ? { exported } : {}) };
  }
}
