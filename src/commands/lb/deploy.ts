import { readClusterFile } from '../../cluster-file/read.js';
import { exitStatus } from '../../errors/exit-status.js';
import { type ApplyResult, apply } from '../../operations/apply.js';
import { applyText } from '../../view/apply.js';
import { confirm } from '../base/confirm.js';
import { yesFlag } from '../base/flags.js';
import { hostFlags } from '../base/host-flags.js';
import { HostsCommand } from '../base/hosts-command.js';

export default class LbDeploy extends HostsCommand {
  static override summary =
    "Bring HAProxy and Keepalived of a cluster file's front end up to date, and nothing else";
  static override description =
    `The same as the phases packages, secrets, haproxy and keepalived of warren apply. Each file is checked by
its program before it is used; a reload drops no connection, and one that fails brings the former file back.`;

  static override examples = [
    '<%= config.bin %> lb deploy',
    '<%= config.bin %> lb deploy --limit server4 --yes',
  ];

  static override flags = { ...hostFlags, yes: yesFlag };

  async run(): Promise<ApplyResult> {
    const { flags } = await this.parse(LbDeploy);
    const file = await readClusterFile(flags.file);
    const result = await apply(
      {
        ...flags,
        file,
        ssh: this.ssh(flags),
        only: ['packages', 'secrets', 'haproxy', 'keepalived'],
        command: this.typed,
        watch: await this.showProgress(),
        confirm: (consequences) =>
          confirm(`${consequences.join('; ')}. Go on?`, { yes: flags.yes, json: this.jsonEnabled() }),
      },
      this.surroundings,
    );
    this.log(applyText(result));
    if (result.failed) process.exitCode = exitStatus.unavailable;
    return result;
  }
}
