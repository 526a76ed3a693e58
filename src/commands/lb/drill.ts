import { readClusterFile } from '../../cluster-file/read.js';
import { type DrillResult, lbDrill } from '../../operations/lb-drill.js';
import { drillText } from '../../view/lb-drill.js';
import { confirm } from '../base/confirm.js';
import { yesFlag } from '../base/flags.js';
import { hostFlags } from '../base/host-flags.js';
import { HostsCommand } from '../base/hosts-command.js';

export default class LbDrill extends HostsCommand {
  static override summary =
    'Stop HAProxy where the virtual address is, and see how long clients are without it';
  static override description =
    `Watched from another host, as a client would see it. HAProxy is started again in any case, and the address
is watched on: whoever has it then should keep it.`;

  static override examples = ['<%= config.bin %> lb drill', '<%= config.bin %> lb drill --yes --json'];
  static override flags = {
    file: hostFlags.file,
    'accept-new': hostFlags['accept-new'],
    concurrency: hostFlags.concurrency,
    yes: yesFlag,
  };

  async run(): Promise<DrillResult> {
    const { flags } = await this.parse(LbDrill);
    const file = await readClusterFile(flags.file);
    const result = await lbDrill(
      {
        ...flags,
        file,
        ssh: this.ssh(flags),
        watch: await this.showProgress(),
        confirm: (question) => confirm(question, { yes: flags.yes, json: this.jsonEnabled() }),
      },
      this.surroundings,
    );
    this.log(drillText(result));
    return result;
  }
}
