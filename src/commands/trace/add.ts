import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { type AddedTrace, addTrace } from '../../operations/tracing/traces.js';
import { visible } from '../../view/harmless.js';
import { traceFlags, traceNodeFlag } from '../base/trace-flags.js';
import { WatchCommand } from '../base/watch-command.js';

export default class TraceAdd extends WatchCommand {
  static override summary = 'Write the traced messages of a vhost into a log on a node';
  static override description =
    `This is the rabbitmq_tracing plugin's doing, which has to be enabled on that node; it binds a queue of its own.
Tracing is turned on on every node, so that the log has what comes through any of them.`;

  static override examples = [
    'eval "$(<%= config.bin %> env)"; rabbitmq-plugins enable rabbitmq_tracing; <%= config.bin %> trace add mine',
    "<%= config.bin %> trace add published --pattern 'publish.#' --format json --max-payload-bytes 100",
  ];

  static override args = { name: Args.string({ description: "its name, and its log's", required: true }) };
  static override flags = {
    ...traceFlags,
    node: traceNodeFlag,
    pattern: Flags.string({
      description: 'publish.EXCHANGE or deliver.QUEUE, with the wildcards * and #',
      default: '#',
    }),
    format: Flags.string({ description: 'of the log', options: ['text', 'json'], default: 'text' }),
    'max-payload-bytes': Flags.integer({ description: 'cut bodies after so many bytes', min: 0 }),
  };

  async run(): Promise<AddedTrace> {
    const { args, flags } = await this.parse(TraceAdd);
    const { vhost, node, pattern, format } = flags;
    const options = {
      name: args.name,
      vhost,
      node,
      pattern,
      format,
      maxPayloadBytes: flags['max-payload-bytes'],
    };
    const added = await addTrace({ ...(await this.target(flags)), ...options }, this.surroundings);
    this.log(
      visible(`Trace ${added.name} of vhost '${vhost}' is written on ${added.node} into ${added.file}.`),
    );
    return added;
  }
}
