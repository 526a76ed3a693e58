import * as Flags from '@oclif/core/flags';
import { type PlanResult, plan } from '../operations/plan.js';
import { planText } from '../view/plan.js';
import { hostFlags, phaseFlags } from './base/host-flags.js';
import { HostsCommand } from './base/hosts-command.js';

export default class Plan extends HostsCommand {
  static override summary = 'Show what an apply would do on each host, and do nothing';
  static override examples = [
    '<%= config.bin %> plan',
    '<%= config.bin %> plan --file five-hosts.yaml --detailed-exitcode --json',
  ];

  static override flags = {
    ...hostFlags,
    ...phaseFlags,
    'detailed-exitcode': Flags.boolean({ description: 'exit with status 2 when there is something to do' }),
  };

  async run(): Promise<PlanResult> {
    const { flags } = await this.parse(Plan);
    const file = await this.clusterFile(flags.file);
    const options = {
      ...flags,
      file,
      ssh: this.ssh(flags),
      resetNodes: flags['reset-node'],
      watch: await this.showProgress(),
    };
    const result = await plan(options, this.surroundings);
    this.log(planText(result));
    if (flags['detailed-exitcode'] && result.changes.length > 0) process.exitCode = 2;
    return result;
  }
}
