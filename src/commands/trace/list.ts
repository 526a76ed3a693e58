import { type TraceList as List, listTraces } from '../../operations/tracing/traces.js';
import { listText } from '../../view/trace.js';
import { WatchCommand, watchFlags } from '../base/watch-command.js';

export default class TraceList extends WatchCommand {
  static override summary = 'List the traces and their logs, on every node';

  static override examples = ['<%= config.bin %> trace list', '<%= config.bin %> trace list --json'];

  static override flags = watchFlags;

  async run(): Promise<List> {
    const { flags } = await this.parse(TraceList);
    const list = await listTraces(await this.target(flags), this.surroundings);
    this.log(listText(list));
    return list;
  }
}
