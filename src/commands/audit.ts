import * as Flags from '@oclif/core/flags';
import { readClusterFile } from '../cluster-file/read.js';
import { type AuditResult, audit } from '../operations/audit.js';
import { auditText } from '../view/audit.js';
import { hostFlags } from './base/host-flags.js';
import { HostsCommand } from './base/hosts-command.js';

export default class AuditCommand extends HostsCommand {
  static override summary = 'Show who changed the hosts of a cluster file, when, and what was done';
  static override description =
    `From this machine's record; with --hosts, from the hosts' own, which also know what was
done from other machines.`;

  static override examples = [
    '<%= config.bin %> audit',
    '<%= config.bin %> audit --hosts --last 1 --file five-hosts.yaml',
  ];

  static override flags = {
    file: hostFlags.file,
    'accept-new': hostFlags['accept-new'],
    hosts: Flags.boolean({ description: "ask the hosts instead of this machine's record" }),
    last: Flags.integer({ description: 'so many runs', default: 10, min: 1 }),
  };

  async run(): Promise<AuditResult> {
    const { flags } = await this.parse(AuditCommand);
    const file = await readClusterFile(flags.file);
    const result = await audit({ ...flags, file, ssh: this.ssh(flags) }, this.surroundings);
    this.log(auditText(result));
    return result;
  }
}
