import * as Flags from '@oclif/core/flags';
import { type HealthResult, health } from '../operations/health.js';
import { healthText, nagiosText } from '../view/health.js';
import { paintFor } from '../view/paint.js';
import { rulesFlag, WatchCommand, watchFlags } from './base/watch-command.js';

/** https://nagios-plugins.org/doc/guidelines.html#AEN78 */
const statuses = { ok: 0, warning: 1, critical: 2 } as const;
const unknown = 3;

export default class Health extends WatchCommand {
  static override summary = 'Say what is amiss, and what to do about it, with the statuses of Nagios';
  static override description =
    `One line for each finding: how bad it is, what it is, what to type next. The exit
status is 0 (well), 1 (a warning), 2 (critical) or 3 (it cannot be told: a login refused, a wrong flag).`;

  static override examples = [
    '<%= config.bin %> health',
    '<%= config.bin %> health --nagios',
    '<%= config.bin %> health --json',
    '<%= config.bin %> health --rules alerts.yaml',
    '<%= config.bin %> health --cluster warren.yaml || test $? -lt 3',
  ];

  static override flags = {
    ...watchFlags,
    rules: rulesFlag,
    nagios: Flags.boolean({ description: 'in the form of a plugin of Nagios or Icinga, with figures' }),
  };

  async run(): Promise<HealthResult> {
    const { flags } = await this.parse(Health);
    const result = await health({ ...(await this.target(flags)), rules: flags.rules }, this.surroundings);
    const text = flags.nagios
      ? nagiosText(result)
      : healthText(result, await paintFor(process.stdout, process.env));
    this.log(text);
    process.exitCode = statuses[result.status];
    return result;
  }

  override async catch(error: Error): Promise<void> {
    await super.catch(error);
    process.exitCode = unknown;
  }
}
