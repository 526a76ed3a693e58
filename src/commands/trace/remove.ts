import * as Args from '@oclif/core/args';
import { removeTrace } from '../../operations/tracing/traces.js';
import { visible } from '../../view/harmless.js';
import { traceFlags } from '../base/trace-flags.js';
import { WatchCommand } from '../base/watch-command.js';

export default class TraceRemove extends WatchCommand {
  static override summary = 'End a trace; its log stays';
  static override description = 'With the last trace of a vhost, tracing is turned off on every node.';

  static override examples = ['<%= config.bin %> trace remove mine'];

  static override args = { name: Args.string({ description: 'the trace', required: true }) };
  static override flags = traceFlags;

  async run(): Promise<{ node: string; left: number }> {
    const { args, flags } = await this.parse(TraceRemove);
    const options = { ...(await this.target(flags)), vhost: flags.vhost, name: args.name };
    const removed = await removeTrace(options, this.surroundings);
    const rest = removed.left === 0 ? ' It was the last one: tracing is off.' : '';
    this.log(visible(`Trace ${args.name} on ${removed.node} has ended.${rest}`));
    return removed;
  }
}
