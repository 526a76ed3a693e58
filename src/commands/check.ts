import { exitStatus } from '../errors/exit-status.js';
import { type CheckResult, check } from '../operations/check.js';
import { checkText } from '../view/check.js';
import { hostFlags } from './base/host-flags.js';
import { HostsCommand } from './base/hosts-command.js';

export default class Check extends HostsCommand {
  static override summary =
    'Look at the hosts of a cluster file, and tell what stands in the way of an apply';
  static override description =
    `Nothing is changed. All that is amiss on all hosts is told at once, each with the next
step; the exit status is 78 when something of it would stop an apply.`;

  static override examples = [
    '<%= config.bin %> check',
    '<%= config.bin %> check --file five-hosts.yaml --json',
  ];

  static override flags = hostFlags;

  async run(): Promise<CheckResult> {
    const { flags } = await this.parse(Check);
    const file = await this.clusterFile(flags.file);
    const watch = await this.showProgress();
    const result = await check({ ...flags, file, ssh: this.ssh(flags), watch }, this.surroundings);
    this.log(checkText(result));
    if (!result.ok) process.exitCode = exitStatus.configuration;
    return result;
  }
}
