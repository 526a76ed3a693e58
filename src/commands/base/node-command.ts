import * as Args from '@oclif/core/args';
import type { NodeOptions, NodeResult } from '../../operations/on-node.js';
import { WarrenCommand } from './command.js';
import { clusterFlag, timeoutFlag, yesFlag } from './flags.js';

export const nodeArgument = {
  node: Args.string({
    description: 'the node: its name, with or without @localhost, or its number',
    required: true,
  }),
};
export const nodeFlags = { cluster: clusterFlag, timeout: timeoutFlag };
export const destructiveNodeFlags = { ...nodeFlags, yes: yesFlag };

/** What the commands on one node of a local cluster have in common. */
export abstract class NodeCommand extends WarrenCommand {
  protected async optionsOf(
    node: string,
    flags: { cluster?: string | undefined; timeout: number },
  ): Promise<NodeOptions> {
    return {
      cluster: flags.cluster,
      node,
      timeoutSeconds: flags.timeout,
      command: this.typed,
      watch: await this.showProgress(),
    };
  }

  protected tell(result: NodeResult, what: string): NodeResult {
    const pid = result.pid === null ? '' : ` (pid ${result.pid})`;
    this.log(`${result.node}${pid}: ${what}.`);
    return result;
  }
}
