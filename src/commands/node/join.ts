import * as Flags from '@oclif/core/flags';
import { holdingsOf } from '../../operations/holdings.js';
import { joinNode } from '../../operations/node-members.js';
import type { NodeResult } from '../../operations/on-node.js';
import { confirm } from '../base/confirm.js';
import { destructiveNodeFlags, NodeCommand, nodeArgument } from '../base/node-command.js';

export default class NodeJoin extends NodeCommand {
  static override summary = 'Join a running node to the cluster of another';
  static override description =
    `The steps that an operator types: stop_app, join_cluster, start_app. Joining deletes all
that the joining node holds, so a node that holds anything has its definitions exported first.`;

  static override examples = ['<%= config.bin %> node join spare --yes'];
  static override args = nodeArgument;
  static override flags = {
    ...destructiveNodeFlags,
    to: Flags.string({ description: 'the node whose cluster is joined (default: another running one)' }),
  };

  async run(): Promise<NodeResult & { exported?: string }> {
    const { args, flags } = await this.parse(NodeJoin);
    const held = await holdingsOf({ cluster: flags.cluster, node: args.node }, this.surroundings);
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
