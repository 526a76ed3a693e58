import { type TraceResult, traceOff } from '../../operations/tracing/trace.js';
import { switchedText } from '../../view/trace.js';
import { traceFlags } from '../base/trace-flags.js';
import { WatchCommand } from '../base/watch-command.js';

export default class TraceOff extends WatchCommand {
  static override summary = 'Trace the messages of a vhost no longer, on every node';

  static override examples = ['<%= config.bin %> trace off'];

  static override flags = traceFlags;

  async run(): Promise<TraceResult> {
    const { flags } = await this.parse(TraceOff);
    const result = await traceOff({ ...(await this.target(flags)), vhost: flags.vhost }, this.surroundings);
    this.log(switchedText(result));
    return result;
  }
}
