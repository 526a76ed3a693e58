import * as Flags from '@oclif/core/flags';
import { exitStatus } from '../errors/exit-status.js';
import { type ApplyResult, apply } from '../operations/apply.js';
import { type PlanResult, plan } from '../operations/plan.js';
import { applyText } from '../view/apply.js';
import { planText } from '../view/plan.js';
import { confirm } from './base/confirm.js';
import { yesFlag } from './base/flags.js';
import { hostFlags, phaseFlags } from './base/host-flags.js';
import { HostsCommand } from './base/hosts-command.js';

export default class Apply extends HostsCommand {
  static override summary =
    'Make a cluster file true on its hosts: from blank machines to a verified cluster';
  static override description =
    `What is right already is left alone, so the same command again goes on where one was
interrupted, and does nothing when all is done. Before something is taken away from those who use the
cluster now (a node restarted, a node reset), it asks.`;

  static override examples = [
    '<%= config.bin %> apply',
    '<%= config.bin %> apply --file five-hosts.yaml --yes',
    '<%= config.bin %> apply --only names,configuration --limit server2',
    '<%= config.bin %> apply --dry-run',
  ];

  static override flags = {
    ...hostFlags,
    ...phaseFlags,
    yes: yesFlag,
    'dry-run': Flags.boolean({ description: 'the same as warren plan' }),
  };

  async run(): Promise<ApplyResult | PlanResult> {
    const { flags } = await this.parse(Apply);
    const file = await this.clusterFile(flags.file);
    const common = { ...flags, file, ssh: this.ssh(flags), resetNodes: flags['reset-node'] };
    if (flags['dry-run']) {
      const planned = await plan({ ...common, watch: await this.showProgress() }, this.surroundings);
      this.log(planText(planned));
      return planned;
    }
    const result = await apply(
      {
        ...common,
        command: this.typed,
        watch: await this.showProgress(),
        confirm: (consequences) =>
          confirm(`${consequences.join('; ')}. Go on?`, { yes: flags.yes, json: this.jsonEnabled() }),
      },
      this.surroundings,
    );
    this.log(applyText(result));
    if (result.failed) process.exitCode = result.failure?.exit ?? exitStatus.unavailable;
    return result;
  }
}
