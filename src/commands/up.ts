import * as Flags from '@oclif/core/flags';
import { readClusterFile } from '../cluster-file/read.js';
import { type UpResult, up } from '../operations/up.js';
import { clusterTable, nextSteps } from '../view/cluster.js';
import { WarrenCommand } from './base/command.js';
import { timeoutFlag } from './base/flags.js';

export default class Up extends WarrenCommand {
  static override summary = 'Raise a cluster on this machine';
  static override description =
    `All nodes listen on the loopback address: AMQP from the port base on, management
10000 above, inter-node 20000 above. Typed again, it starts what is missing.`;

  static override examples = [
    '<%= config.bin %> up',
    '<%= config.bin %> up --nodes 1 --name blue --port-base 6672',
    '<%= config.bin %> up --verify --json',
  ];

  static override flags = {
    nodes: Flags.integer({ char: 'n', description: 'how many nodes (default: 3)', min: 1, max: 64 }),
    engine: Flags.string({
      description: 'bundled (default) or rabbitmq',
      helpValue: 'bundled|rabbitmq',
      env: 'WARREN_ENGINE',
    }),
    'engine-dir': Flags.directory({
      description: "the folder of the engine's executables",
      exists: true,
      env: 'WARREN_ENGINE_DIR',
    }),
    name: Flags.string({ description: 'name of the cluster (default: rabbit)' }),
    ha: Flags.string({
      description: 'on how many nodes each queue is mirrored (default: all)',
      helpValue: 'all|exactly:N|none',
    }),
    'port-base': Flags.integer({
      description: 'first AMQP port (default: 5672)',
      min: 1024,
      max: 45_000,
      env: 'WARREN_PORT_BASE',
    }),
    plugins: Flags.string({
      description: 'plugins to enable besides rabbitmq_management',
      delimiter: ',',
      multiple: true,
    }),
    file: Flags.file({ char: 'f', description: 'a cluster file', helpValue: 'warren.yaml' }),
    foreground: Flags.boolean({ description: 'stay, show the logs, and stop the cluster on Ctrl-C' }),
    verify: Flags.boolean({
      description: 'publish messages on one node, consume them on another, and count',
    }),
    timeout: timeoutFlag,
  };

  async run(): Promise<UpResult> {
    const { flags } = await this.parse(Up);
    const file = flags.file === undefined ? undefined : await readClusterFile(flags.file);
    const { name, nodes, engine, ha, plugins } = flags;
    const wishes = {
      name,
      nodes,
      engine,
      engineDir: flags['engine-dir'],
      ha,
      portBase: flags['port-base'],
      plugins,
    };
    const result = await up(
      {
        wishes,
        file,
        verify: flags.verify,
        timeoutSeconds: flags.timeout,
        command: this.typed,
        watch: await this.showProgress(),
      },
      this.surroundings,
    );
    if (!this.jsonEnabled()) this.#show(result);
    if (flags.foreground) await this.#stay(result.cluster);
    return result;
  }

  #show(result: UpResult): void {
    if (result.already) this.log(`Cluster ${result.cluster} runs already.`);
    this.log(clusterTable(result));
    const seen = result.verification;
    if (seen) {
      this.log(
        `\nVerified: ${seen.published} messages confirmed by ${seen.from}, ${seen.consumed} consumed from ${seen.to}.`,
      );
    }
    this.log(`\n${nextSteps(result, result.cluster === 'rabbit')}`);
  }

  async #stay(cluster: string): Promise<void> {
    const { stay } = await import('../operations/stay.js');
    await stay({ cluster, command: this.typed, write: (line) => this.log(line) }, this.surroundings);
  }
}
