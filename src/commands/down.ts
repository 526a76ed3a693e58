import * as Flags from '@oclif/core/flags';
import { type DownResult, down } from '../operations/down.js';
import { WarrenCommand } from './base/command.js';
import { clusterFlag } from './base/flags.js';

export default class Down extends WarrenCommand {
  static override summary = 'Stop a cluster of this machine';
  static override description =
    `Its data stays, so that warren up brings it back with its queues and messages;
with --purge, nothing of it stays.`;

  static override examples = ['<%= config.bin %> down', '<%= config.bin %> down --cluster blue --purge'];

  static override flags = {
    cluster: clusterFlag,
    purge: Flags.boolean({ description: 'remove its data, logs and configuration too' }),
  };

  async run(): Promise<DownResult> {
    const { flags } = await this.parse(Down);
    const watch = await this.showProgress();
    const result = await down({ ...flags, command: this.typed, watch }, this.surroundings);
    const nodes = result.stopped.length === 0 ? 'no node ran' : `stopped ${result.stopped.join(', ')}`;
    this.log(`Cluster ${result.cluster}: ${nodes}${result.purged ? '; its files are removed' : ''}.`);
    return result;
  }
}
