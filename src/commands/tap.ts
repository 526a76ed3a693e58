import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { tap } from '../operations/tap.js';
import { harmless } from '../view/harmless.js';
import { jsonText } from '../view/json.js';
import { messageDocument, passingText } from '../view/message.js';
import { boundsOf, contentFlags, contentOf } from './base/content-flags.js';
import { traceFlags } from './base/trace-flags.js';
import { WatchCommand } from './base/watch-command.js';

export default class Tap extends WatchCommand {
  static override summary = 'Watch copies of what an exchange routes, without disturbing it';
  static override description =
    `A queue of its own is bound to the exchange and goes with the command. Without --routing-key it sees everything; of a
direct exchange, the keys that are bound to it now. Filters must all match. With --json, one document a line.`;
  static override examples = [
    '<%= config.bin %> tap amq.topic --timeout 2',
    "<%= config.bin %> tap amq.topic --routing-key 'kern.#' --header origin=shell --timeout 2",
    "<%= config.bin %> tap amq.fanout --body 'Hel+o' --json --timeout 2",
  ];
  static override args = {
    exchange: Args.string({ description: 'the exchange', required: true }),
  };
  static override flags = {
    ...traceFlags,
    'routing-key': Flags.string({
      char: 'r',
      description: 'a key to bind with; may be given again',
      multiple: true,
      multipleNonGreedy: true,
    }),
    ...contentFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Tap);
    const { now } = this.surroundings;
    const json = this.jsonEnabled();
    await tap(
      {
        ...(await this.target(flags)),
        ...boundsOf(flags),
        vhost: flags.vhost,
        exchange: args.exchange,
        keys: flags['routing-key'],
        filter: contentOf(flags, 'tap'),
        onReady: (keys) => this.note(harmless(watching(args.exchange, keys))),
        onMessage: (message) => {
          const document = () => jsonText({ time: now().toISOString(), ...messageDocument(message) });
          process.stdout.write(`${json ? document() : passingText(message, now())}\n`);
        },
        onDropped: () => this.note(`Messages were dropped: more than ${flags['max-length']} waited.`),
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

function watching(exchange: string, keys: readonly string[]): string {
  if (keys.length === 0)
    return `Nothing is bound to exchange ${exchange}, so it routes nothing; Ctrl-C ends it.`;
  const which = keys.length > 5 ? `${keys.length} keys` : keys.map((key) => `'${key}'`).join(', ');
  return `Watching exchange ${exchange} (${which}); Ctrl-C ends it.`;
}
