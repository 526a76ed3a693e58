import { readClusterFile } from '../../cluster-file/read.js';
import { exitStatus } from '../../errors/exit-status.js';
import { type LbStatusResult, lbStatus } from '../../operations/lb-status.js';
import { lbStatusText } from '../../view/lb-status.js';
import { hostFlags } from '../base/host-flags.js';
import { HostsCommand } from '../base/hosts-command.js';

export default class LbStatus extends HostsCommand {
  static override summary = 'Show the brokers as each balancer sees them, and who holds the virtual address';
  static override description =
    'The exit status is 69 when a balancer does not answer, a broker is not up in the eyes\nof one, or an address has no holder or several.';

  static override examples = ['<%= config.bin %> lb status', '<%= config.bin %> lb status --json'];
  static override flags = {
    file: hostFlags.file,
    'accept-new': hostFlags['accept-new'],
    concurrency: hostFlags.concurrency,
  };

  async run(): Promise<LbStatusResult> {
    const { flags } = await this.parse(LbStatus);
    const file = await readClusterFile(flags.file);
    const result = await lbStatus({ ...flags, file, ssh: this.ssh(flags) }, this.surroundings);
    this.log(lbStatusText(result));
    if (!result.ok) process.exitCode = exitStatus.unavailable;
    return result;
  }
}
