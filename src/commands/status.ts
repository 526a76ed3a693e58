import * as Flags from '@oclif/core/flags';
import { exitStatus } from '../errors/exit-status.js';
import { statusOfHosts } from '../operations/hosts-status.js';
import { type StatusResult, status } from '../operations/status.js';
import { statusText } from '../view/status.js';
import { DayTwoCommand, hostReachFlags, targetFlag } from './base/day-two-command.js';

export default class Status extends DayTwoCommand {
  static override summary = 'Show the cluster as each of its nodes sees it, and its queues';
  static override description =
    `On hosts, each node is asked on its own host. A node that is down, nodes that disagree, a
partition and an alarm are said aloud, and the exit status is then 69.`;

  static override examples = [
    '<%= config.bin %> status',
    '<%= config.bin %> status --json',
    '<%= config.bin %> status --cluster warren.yaml',
  ];

  static override flags = {
    cluster: targetFlag,
    ...hostReachFlags,
    url: Flags.string({
      description: 'any management API, instead of a cluster',
      helpValue: 'http://user:password@host:15672',
      exclusive: ['cluster'],
    }),
  };

  async run(): Promise<StatusResult> {
    const { flags } = await this.parse(Status);
    const result = await this.#status(flags);
    this.log(statusText(result));
    if (!result.answered || result.problems.length > 0) process.exitCode = exitStatus.unavailable;
    return result;
  }

  async #status(flags: Flagged): Promise<StatusResult> {
    const file = flags.url === undefined ? await this.hostsFile(flags.cluster) : undefined;
    if (!file) {
      const cluster = flags.url === undefined ? await this.localCluster(flags.cluster) : undefined;
      return status({ url: flags.url, cluster }, this.surroundings);
    }
    const watch = await this.showProgress();
    const { concurrency } = flags;
    return statusOfHosts({ file, concurrency, ssh: this.ssh(flags), watch }, this.surroundings);
  }
}

interface Flagged {
  readonly url?: string | undefined;
  readonly cluster?: string | undefined;
  readonly 'accept-new': boolean;
  readonly concurrency: number;
}
