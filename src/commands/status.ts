import * as Flags from '@oclif/core/flags';
import { exitStatus } from '../errors/exit-status.js';
import { type StatusResult, status } from '../operations/status.js';
import { statusText } from '../view/status.js';
import { WarrenCommand } from './base/command.js';
import { clusterFlag } from './base/flags.js';

export default class Status extends WarrenCommand {
  static override summary = 'Show the cluster as each of its nodes sees it, and its queues';
  static override examples = ['<%= config.bin %> status', '<%= config.bin %> status --json'];
  static override flags = {
    cluster: clusterFlag,
    url: Flags.string({
      description: 'any management API, instead of a local cluster',
      helpValue: 'http://user:password@host:15672',
      exclusive: ['cluster'],
    }),
  };

  async run(): Promise<StatusResult> {
    const { flags } = await this.parse(Status);
    const result = await status(flags, this.surroundings);
    this.log(statusText(result));
    if (!result.answered) process.exitCode = exitStatus.unavailable;
    return result;
  }
}
