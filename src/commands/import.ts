import * as Flags from '@oclif/core/flags';
import { type ImportResult, importFile } from '../operations/import.js';
import { WarrenCommand } from './base/command.js';
import { clusterFlag } from './base/flags.js';
import { passwordAsker, urlFlag } from './base/url-flag.js';

export default class Import extends WarrenCommand {
  static override summary = 'Write a cluster file from a running cluster';
  static override description =
    `Vhosts, users, permissions, policies, parameters, exchanges, queues, bindings, plugins, nodes, ports and
TLS are read from the management API, as an administrator; nothing is changed. The user guest is left
out. A broker keeps no passwords: users get new ones, or keep theirs with --password-hashes. It names
the files of its certificates and keys, and does not show them: the notes say what to copy.`;

  static override examples = [
    '<%= config.bin %> import --file imported.yaml',
    '<%= config.bin %> import --cluster rabbit --file with-hashes.yaml --password-hashes hashes',
  ];

  static override flags = {
    url: urlFlag,
    cluster: clusterFlag,
    file: Flags.string({
      char: 'f',
      description: 'the file to write',
      helpValue: 'warren.yaml',
      default: 'warren.yaml',
    }),
    'password-hashes': Flags.string({
      description: "write the users' password hashes into files of this folder, which you alone can read",
      helpValue: 'FOLDER',
    }),
  };

  async run(): Promise<ImportResult> {
    const { flags } = await this.parse(Import);
    const { url, cluster, file } = flags;
    const result = await importFile(
      { url, cluster, file, hashes: flags['password-hashes'], ...passwordAsker(this.jsonEnabled()) },
      this.surroundings,
    );
    for (const note of result.notes) this.note(`note: ${note}`);
    for (const { where, message } of result.warnings) this.note(`warning: ${where}: ${message}`);
    this.log(
      `Wrote ${result.file}: cluster ${result.cluster}, ${result.nodes} ${result.nodes === 1 ? 'node' : 'nodes'}.`,
    );
    return result;
  }
}
