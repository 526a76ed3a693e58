import { setTimeout as sleep } from 'node:timers/promises';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { traceLog } from '../../operations/tracing/traces.js';
import { visible } from '../../view/harmless.js';
import { traceNodeFlag } from '../base/trace-flags.js';
import { WatchCommand, watchFlags } from '../base/watch-command.js';

interface LogResult {
  readonly node: string;
  readonly file: string;
  readonly text: string;
}

export default class TraceLog extends WatchCommand {
  static override summary = "Print a trace's log";

  static override examples = [
    '<%= config.bin %> trace log mine',
    '<%= config.bin %> trace log mine.log --node 1',
  ];

  static override args = { name: Args.string({ description: 'the trace, or its log', required: true }) };
  static override flags = {
    ...watchFlags,
    node: traceNodeFlag,
    follow: Flags.boolean({ char: 'f', description: 'go on as it grows, until Ctrl-C' }),
  };

  async run(): Promise<LogResult> {
    const { args, flags } = await this.parse(TraceLog);
    const { signal } = this.surroundings;
    let all = '';
    const options = { ...(await this.target(flags)), name: args.name, node: flags.node };
    const { node, file } = await traceLog(options, this.surroundings, async (text) => {
      if (this.jsonEnabled()) all += text;
      else process.stdout.write(visible(text));
      if (!flags.follow) return false;
      await sleep(1_000, undefined, { signal }).catch(() => {});
      signal.throwIfAborted();
      return true;
    });
    return { node, file, text: all };
  }
}
