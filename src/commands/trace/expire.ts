import { waitAndFinish } from '../../operations/tracing/expiry.js';
import { WatchCommand, watchFlags } from '../base/watch-command.js';

/** Started by `trace on --for`, without a terminal. */
export default class TraceExpire extends WatchCommand {
  static override hidden = true;
  static override summary = 'Wait for what `trace on --for` left to be turned off, and turn it off';
  static override examples = ['<%= config.bin %> trace expire'];
  static override flags = watchFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(TraceExpire);
    await waitAndFinish(this.surroundings, this.reach(flags));
  }
}
