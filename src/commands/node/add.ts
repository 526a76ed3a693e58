import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { addNode } from '../../operations/node-members.js';
import type { NodeResult } from '../../operations/on-node.js';
import { NodeCommand, nodeFlags } from '../base/node-command.js';

export default class NodeAdd extends NodeCommand {
  static override summary = 'Add a node to a running local cluster';
  static override description =
    'It listens on the next free ports and joins the others by its configuration.';
  static override examples = ['<%= config.bin %> node add', '<%= config.bin %> node add spare --alone'];
  static override args = {
    name: Args.string({
      description: 'the name of the node (default: the cluster name and the next number)',
    }),
  };
  static override flags = {
    ...nodeFlags,
    alone: Flags.boolean({ description: 'start it by itself, to be joined with warren node join' }),
  };

  async run(): Promise<NodeResult> {
    const { args, flags } = await this.parse(NodeAdd);
    const { node: _, ...options } = await this.optionsOf('', flags);
    const result = await addNode({ ...options, node: args.name, alone: flags.alone }, this.surroundings);
    return this.tell(result, `running, AMQP on ${result.amqp}, management on ${result.management}`);
  }
}
