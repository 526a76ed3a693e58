import { argv, execPath } from 'node:process';
import * as Flags from '@oclif/core/flags';
import { type TraceResult, traceOn } from '../../operations/tracing/trace.js';
import { switchedText } from '../../view/trace.js';
import { traceFlags } from '../base/trace-flags.js';
import { WatchCommand } from '../base/watch-command.js';

export default class TraceOn extends WatchCommand {
  static override summary = 'Trace the messages of a vhost, on every node';
  static override description =
    `A copy of each message that is published or delivered goes to the exchange amq.rabbitmq.trace from then on.
Each node has a switch of its own and forgets it when it restarts: the same command turns it on again
where it is off. No queue is bound to that exchange by itself: 'trace tail' and 'trace add' bind their own.`;

  static override examples = ['<%= config.bin %> trace on', '<%= config.bin %> trace on --for 5m'];

  static override flags = {
    ...traceFlags,
    for: Flags.string({
      description: 'turn it off again after this time, whatever becomes of this terminal',
      helpValue: '5m',
    }),
  };

  async run(): Promise<TraceResult> {
    const { flags } = await this.parse(TraceOn);
    const program = [execPath, argv[1] ?? '', 'trace', 'expire'];
    const options = { ...(await this.target(flags)), vhost: flags.vhost, for: flags.for, program };
    const result = await traceOn(options, this.surroundings);
    this.log(switchedText(result));
    return result;
  }
}
