import * as Flags from '@oclif/core/flags';
import type { ClusterFile } from '../../cluster-file/cluster-file.js';
import { exitStatus } from '../../errors/exit-status.js';
import { WarrenError } from '../../errors/warren-error.js';
import type { MemberChangeOptions, MemberChangeResult } from '../../operations/change-members.js';
import { findTarget } from '../../operations/find-target.js';
import { hostChangeText } from '../../view/host-change.js';
import { confirm } from './confirm.js';
import { hostFlags } from './host-flags.js';
import { HostsCommand } from './hosts-command.js';

/** The cluster that is meant, on this machine or on hosts. */
export const targetFlag = Flags.string({
  description: 'a cluster file, or a local cluster by name (default: the one that runs, or warren.yaml)',
  helpValue: 'FILE|NAME',
  aliases: ['file'],
});

export const hostReachFlags = {
  'accept-new': hostFlags['accept-new'],
  concurrency: hostFlags.concurrency,
};

/** How a change to hosts is made. */
export const hostChangeFlags = {
  cluster: targetFlag,
  ...hostReachFlags,
  'dry-run': Flags.boolean({ description: 'on hosts: show what would be done on each, and do nothing' }),
  yes: Flags.boolean({ char: 'y', description: 'answer yes to the question asked' }),
};

interface ReachFlags {
  readonly 'accept-new': boolean;
  readonly concurrency: number;
}

interface ChangeFlags extends ReachFlags {
  readonly 'dry-run': boolean;
  readonly yes: boolean;
}

/** A command of day two: on the hosts of a cluster file, and, where it makes sense, on a local cluster. */
export abstract class DayTwoCommand extends HostsCommand {
  /** The cluster file whose hosts are meant; nothing when it is a cluster of this machine. */
  protected async hostsFile(cluster: string | undefined): Promise<ClusterFile | undefined> {
    const target = await findTarget(this.surroundings.state, cluster);
    return target.kind === 'hosts' ? target.file : undefined;
  }

  /** The name of the local cluster that is meant, which may be told by its file. */
  protected async localCluster(cluster: string | undefined): Promise<string | undefined> {
    const target = await findTarget(this.surroundings.state, cluster);
    return target.kind === 'local' ? target.cluster : undefined;
  }

  /** The same as `hostsFile`, where nothing but hosts will do. */
  protected async onlyHosts(cluster: string | undefined): Promise<ClusterFile> {
    const file = await this.hostsFile(cluster);
    if (file) return file;
    throw WarrenError.of('HOSTS_ONLY', { what: `warren ${this.id!.replaceAll(':', ' ')}` });
  }

  protected async changeOptions(file: ClusterFile, flags: ChangeFlags): Promise<MemberChangeOptions> {
    return {
      file,
      ssh: this.ssh(flags),
      concurrency: flags.concurrency,
      dryRun: flags['dry-run'],
      command: this.typed,
      watch: await this.showProgress(),
      confirm: (consequences) =>
        confirm(`${consequences.join('; ')}. Go on?`, { yes: flags.yes, json: this.jsonEnabled() }),
    };
  }

  protected tellChange(result: MemberChangeResult): MemberChangeResult {
    this.log(hostChangeText(result));
    if (result.failed) process.exitCode = result.failure?.exit ?? exitStatus.unavailable;
    return result;
  }
}
