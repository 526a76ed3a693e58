import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { parseHostWord } from '../cluster-file/host-word.js';
import type { NewCluster } from '../cluster-file/new-cluster.js';
import { WarrenError } from '../errors/warren-error.js';
import { type InitResult, init } from '../operations/init.js';
import { WarrenCommand } from './base/command.js';

export default class Init extends WarrenCommand {
  static override summary = 'Write a cluster file for hosts';
  static override description =
    `It names the hosts, says how messages outlive a node, and explains every key it has. A file that
is there already is not written over. Without hosts, it asks.`;

  static override examples = [
    '<%= config.bin %> init root@192.0.2.101 root@192.0.2.102 root@192.0.2.103 --file three.yaml',
    '<%= config.bin %> init mq1 mq2 mq3 --balancer lb1 --balancer lb2 --vip 192.0.2.110 --file five.yaml',
    '<%= config.bin %> init admin@mq1:2222 admin@mq2:2222 admin@mq3:2222 --profile mirrored -f mirrored.yaml',
  ];

  static override strict = false;
  static override args = {
    hosts: Args.string({ description: 'the hosts of the nodes: user@address:port', required: false }),
  };

  static override flags = {
    profile: Flags.option({
      description: 'how messages outlive a node (default: quorum)',
      options: ['quorum', 'mirrored', 'standby'] as const,
    })(),
    balancer: Flags.string({
      description: 'a host for HAProxy and Keepalived',
      helpValue: 'user@address',
      multiple: true,
      multipleNonGreedy: true,
    }),
    vip: Flags.string({
      description: 'the virtual address; two make an active/active front end',
      helpValue: 'ADDRESS',
      multiple: true,
      multipleNonGreedy: true,
    }),
    name: Flags.string({ description: 'name of the cluster (default: rabbit)' }),
    file: Flags.string({
      char: 'f',
      description: 'the file to write',
      helpValue: 'warren.yaml',
      default: 'warren.yaml',
    }),
  };

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

interface Given {
  readonly name?: string | undefined;
  readonly profile?: NewCluster['profile'] | undefined;
  readonly balancer?: readonly string[] | undefined;
  readonly vip?: readonly string[] | undefined;
}

function wish(hosts: NewCluster['hosts'], { name, profile, balancer, vip }: Given): NewCluster {
  return {
    name: name ?? 'rabbit',
    hosts,
    balancers: (balancer ?? []).map(parseHostWord),
    virtualAddresses: vip ?? [],
    profile: profile ?? 'quorum',
  };
}
