import * as Args from '@oclif/core/args';
import type { MemberChangeResult } from '../../operations/change-members.js';
import type { MemberOptions } from '../../operations/members.js';
import type { NodeOptions, NodeResult } from '../../operations/on-node.js';
import type { Surroundings } from '../../operations/surroundings.js';
import { DayTwoCommand, hostChangeFlags } from './day-two-command.js';
import { clusterFlag, timeoutFlag } from './flags.js';

export const nodeArgument = {
  node: Args.string({
    description: 'the node: its name, with or without @localhost, or its number',
    required: true,
  }),
};
export const nodeFlags = { cluster: clusterFlag, timeout: timeoutFlag };

/** For what is done on hosts as well. */
export const memberArgument = {
  node: Args.string({
    description: 'the host of the cluster file; on this machine, the name or the number of the node',
    required: true,
  }),
};
export const hostArgument = {
  host: Args.string({ description: 'the host of the cluster file', required: true }),
};
export const memberFlags = { ...hostChangeFlags, timeout: timeoutFlag };

type MemberVerb = (options: MemberOptions, surroundings: Surroundings) => Promise<MemberChangeResult>;

/** What the commands on one node have in common. */
export abstract class NodeCommand extends DayTwoCommand {
  protected async optionsOf(
    node: string,
    flags: { cluster?: string | undefined; timeout: number },
  ): Promise<NodeOptions> {
    return {
      cluster: await this.localCluster(flags.cluster),
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

  /** Does it on hosts, if hosts are meant. */
  protected async onHosts(
    verb: MemberVerb,
    nodes: readonly string[],
    flags: MemberFlags,
  ): Promise<MemberChangeResult | undefined> {
    const file = await this.hostsFile(flags.cluster);
    if (!file) return undefined;
    const options = await this.changeOptions(file, flags);
    return this.tellChange(await verb({ ...options, nodes }, this.surroundings));
  }
}

interface MemberFlags {
  readonly cluster?: string | undefined;
  readonly 'accept-new': boolean;
  readonly concurrency: number;
  readonly 'dry-run': boolean;
  readonly yes: boolean;
}
