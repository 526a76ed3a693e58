import * as Flags from '@oclif/core/flags';
import { type BacklogResult, backlog } from '../operations/backlog.js';
import { backlogText } from '../view/backlog.js';
import { WatchCommand, watchFlags } from './base/watch-command.js';

export default class Backlog extends WatchCommand {
  static override summary = 'Say which queues grow, why, and when they are empty or full at these rates';
  static override description =
    `Causes: no consumers, consumers that are slower than what comes in, that hold as many
as their prefetch allows, or that acknowledge nothing; publishers that an alarm blocks; a queue that is down.`;

  static override examples = [
    '<%= config.bin %> backlog',
    '<%= config.bin %> backlog --over 1 --json',
    '<%= config.bin %> backlog --url http://guest:guest@192.0.2.101:15672',
  ];

  static override flags = {
    ...watchFlags,
    over: Flags.integer({
      description: 'seconds over which growth is measured',
      default: 3,
      min: 1,
      max: 3600,
    }),
  };

  async run(): Promise<BacklogResult> {
    const { flags } = await this.parse(Backlog);
    const result = await backlog({ ...(await this.target(flags)), seconds: flags.over }, this.surroundings);
    this.log(backlogText(result));
    return result;
  }
}
