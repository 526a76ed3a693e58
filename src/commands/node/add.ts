import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { MemberChangeResult } from '../../operations/change-members.js';
import { addNode as addHost } from '../../operations/members.js';
import { addNode } from '../../operations/node-members.js';
import type { NodeResult } from '../../operations/on-node.js';
import { memberFlags, NodeCommand } from '../base/node-command.js';

export default class NodeAdd extends NodeCommand {
  static override summary = 'Add a node to a cluster';
  static override description =
    `On this machine, it listens on the next free ports and joins the others by its configuration.
On hosts, it is one that is new in the cluster file: it is built, joins, gets its share of the queues, and
the balancers send it connections.`;
  static override examples = [
    '<%= config.bin %> node add',
    '<%= config.bin %> node add spare --alone',
    '<%= config.bin %> node add server4 --cluster warren.yaml --dry-run',
  ];
  static override args = {
    name: Args.string({
      description: 'its name (on this machine, by default: the cluster name and the next number)',
    }),
  };
  static override flags = {
    ...memberFlags,
    alone: Flags.boolean({ description: 'start it by itself, to be joined with warren node join' }),
  };

  async run(): Promise<NodeResult | MemberChangeResult> {
    const { args, flags } = await this.parse(NodeAdd);
    const added = await this.onHosts(addHost, args.name === undefined ? [] : [args.name], flags);
    if (added) return added;
    const { node: _, ...options } = await this.optionsOf('', flags);
    const result = await addNode({ ...options, node: args.name, alone: flags.alone }, this.surroundings);
    return this.tell(result, `running, AMQP on ${result.amqp}, management on ${result.management}`);
  }
}
