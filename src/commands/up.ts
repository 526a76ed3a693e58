import { readClusterFile } from '../cluster-file/read.js';
import { type UpResult, up } from '../operations/up.js';
import { clusterTable, nextSteps } from '../view/cluster.js';
import { programName } from '../view/program-name.js';
import { WarrenCommand } from './base/command.js';
import { upFlags } from './base/up-flags.js';

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

  static override flags = upFlags;

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
    for (const { where, message } of file?.warnings ?? []) this.note(`warning: ${where}: ${message}`);
    for (const note of result.notes) this.note(`note: ${note}`);
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
    this.log(`\n${nextSteps(result, result.cluster === 'rabbit', programName())}`);
  }

  async #stay(cluster: string): Promise<void> {
    const { stay } = await import('../operations/stay.js');
    await stay({ cluster, command: this.typed, write: (line) => this.log(line) }, this.surroundings);
  }
}
