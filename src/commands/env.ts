import { type EnvResult, env } from '../operations/env.js';
import { shellLines } from '../view/shell.js';
import { WarrenCommand } from './base/command.js';
import { clusterFlag, nodeFlag } from './base/flags.js';

export default class Env extends WarrenCommand {
  static override summary = "Print shell lines that make the engine's own tools address a node";
  static override description =
    `rabbitmqctl, rabbitmq-plugins and the others come first in PATH, address that node and
find its cookie, whatever your HOME.`;

  static override examples = ['eval "$(<%= config.bin %> env)"', '<%= config.bin %> env --node 2'];
  static override flags = { cluster: clusterFlag, node: nodeFlag };

  async run(): Promise<EnvResult> {
    const { flags } = await this.parse(Env);
    const result = await env(flags, this.surroundings);
    this.log(shellLines(result.path, result.variables));
    return result;
  }
}
