import { type TraceStatus as Status, traceStatus } from '../../operations/tracing/trace.js';
import { statusText } from '../../view/trace.js';
import { WatchCommand, watchFlags } from '../base/watch-command.js';

export default class TraceStatus extends WatchCommand {
  static override summary = 'Say which vhosts are traced, node by node';

  static override examples = ['<%= config.bin %> trace status', '<%= config.bin %> trace status --json'];

  static override flags = watchFlags;

  async run(): Promise<Status> {
    const { flags } = await this.parse(TraceStatus);
    const status = await traceStatus(await this.target(flags), this.surroundings);
    this.log(statusText(status));
    return status;
  }
}
