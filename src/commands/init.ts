import * as Args from '@oclif/core/args';
import { parseHostWord } from '../cluster-file/host-word.js';
import type { NewCluster } from '../cluster-file/new-cluster.js';
import { WarrenError } from '../errors/warren-error.js';
import { type InitResult, init } from '../operations/init.js';
import { WarrenCommand } from './base/command.js';
import { newClusterFlags, wish } from './base/new-cluster-flags.js';

export default class Init extends WarrenCommand {
  static override summary = 'Write a cluster file for hosts';
  static override description =
    `It names the hosts, says how messages outlive a node, and explains every key it has. A file that
is there already is not written over. Without hosts, it asks.`;

  static override examples = [
    '<%= config.bin %> init root@192.0.2.101 root@192.0.2.102 root@192.0.2.103 --file three.yaml',
    '<%= config.bin %> init mq1 mq2 mq3 --balancer lb1 --balancer lb2 --vip 192.0.2.110 --file five.yaml',
    '<%= config.bin %> init admin@mq1:2222 admin@mq2:2222 admin@mq3:2222 --profile mirrored -f mirrored.yaml',
    '<%= config.bin %> init n1 n2 n3 --name north --profile federated --upstream south=10.2.0.30 -f north.yaml',
  ];

  static override strict = false;
  static override args = {
    hosts: Args.string({ description: 'the hosts of the nodes: user@address:port', required: false }),
  };

  static override flags = newClusterFlags;

  async run(): Promise<InitResult> {
    const { flags, argv } = await this.parse(Init);
    const hosts = (argv as string[]).map(parseHostWord);
    const result = await init(hosts.length > 0 ? wish(hosts, flags) : await this.#ask(), flags.file);
    for (const { where, message, suggestion } of result.warnings) {
      this.note(`warning: ${where}: ${message} (${suggestion})`);
    }
    this.log(`Wrote ${result.file}.\n\nNext:\n  warren check --file ${result.file}`);
    return result;
  }

  async #ask(): Promise<NewCluster> {
    if (this.jsonEnabled() || !process.stdin.isTTY) {
      const problem = 'no hosts are named, and there is nobody to ask';
      throw WarrenError.of('USAGE', { problem, command: 'init' });
    }
    const { askForCluster } = await import('./base/ask-for-cluster.js');
    return askForCluster();
  }
}
