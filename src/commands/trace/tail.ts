import * as Flags from '@oclif/core/flags';
import { tail } from '../../operations/tracing/tail.js';
import { jsonText } from '../../view/json.js';
import { tracedDocument, tracedText } from '../../view/trace.js';
import { boundsOf, contentFlags, contentOf, expression } from '../base/content-flags.js';
import { traceFlags } from '../base/trace-flags.js';
import { WatchCommand } from '../base/watch-command.js';

export default class TraceTail extends WatchCommand {
  static override summary = 'Show messages as they are published and delivered';
  static override description =
    `Needs no plugin: a queue of its own follows amq.rabbitmq.trace. Tracing is turned on where it is off, and off
again at the end, there only. Filters must all match. With --json, one document a line.`;

  static override examples = [
    '<%= config.bin %> trace tail --timeout 2',
    "<%= config.bin %> trace tail --queue hello --body 'Hel+o' --json --timeout 2",
    "<%= config.bin %> trace tail --exchange amq.topic --routing-key '^kern' --header origin=shell --timeout 2",
  ];

  static override flags = {
    ...traceFlags,
    exchange: Flags.string({ char: 'e', description: 'messages of this exchange' }),
    queue: Flags.string({ char: 'q', description: 'messages into and out of this queue' }),
    'routing-key': Flags.string({ description: 'a regular expression that a routing key matches' }),
    ...contentFlags,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(TraceTail);
    const json = this.jsonEnabled();
    const options = {
      ...(await this.target(flags)),
      vhost: flags.vhost,
      ...boundsOf(flags),
      filter: {
        exchange: flags.exchange,
        queue: flags.queue,
        routingKey: expression('routing-key', flags['routing-key'], 'trace tail'),
        ...contentOf(flags, 'trace tail'),
      },
      onReady: (nodes: readonly string[]) => {
        const turned = nodes.length === 0 ? 'it was on already' : `turned on on ${nodes.join(', ')}`;
        this.note(`Tracing vhost '${flags.vhost}' (${turned}); Ctrl-C ends it.`);
      },
      onDropped: () => this.note(`Messages were dropped: more than ${flags['max-length']} waited.`),
    };
    await tail(
      {
        ...options,
        onTrace: (traced) => {
          const { now } = this.surroundings;
          const text = json ? jsonText(tracedDocument(traced, now())) : tracedText(traced, now());
          process.stdout.write(`${text}\n`);
        },
      },
      this.surroundings,
    );
    this.surroundings.signal.throwIfAborted();
  }

  /** One document a line: there is none at the end. */
  override logJson(json: unknown): void {
    if (json !== undefined) process.stdout.write(`${jsonText(json)}\n`);
  }
}
