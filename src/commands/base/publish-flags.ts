import { text } from 'node:stream/consumers';
import * as Flags from '@oclif/core/flags';
import { WarrenError } from '../../errors/warren-error.js';
import { messageFlags } from './flags.js';

/** Where a message goes, and its headers. */
export const addressFlags = {
  ...messageFlags,
  queue: Flags.string({
    char: 'q',
    description: 'the queue to publish to',
    exclusive: ['exchange', 'routing-key'],
  }),
  exchange: Flags.string({
    char: 'e',
    description: 'the exchange to publish to (default: the default exchange)',
  }),
  'routing-key': Flags.string({ char: 'r', description: 'the routing key' }),
  header: Flags.string({
    description: 'a header of the message',
    helpValue: 'KEY=VALUE',
    multiple: true,
    multipleNonGreedy: true,
  }),
};

/** Where messages go and what they are like. */
export const publishFlags = {
  ...addressFlags,
  persistent: Flags.boolean({
    description: 'keep the messages on disk (default: yes)',
    default: true,
    allowNo: true,
  }),
  count: Flags.integer({ description: 'publish so many times', default: 1, min: 1 }),
};

interface Addressed {
  readonly queue?: string | undefined;
  readonly exchange?: string | undefined;
  readonly 'routing-key'?: string | undefined;
  readonly header?: readonly string[] | undefined;
}

export function addressOf(flags: Addressed, command: string) {
  const { queue, exchange, 'routing-key': routingKey, header = [] } = flags;
  if (!queue && exchange === undefined && routingKey === undefined) {
    const problem = 'where to? Give --queue, or --exchange and --routing-key';
    throw WarrenError.of('USAGE', { problem, command });
  }
  return { queue, exchange, routingKey, headers: headersOf(header, command) };
}

/** The body, where no argument is one. */
export async function standardInput(note: (text: string) => void): Promise<string> {
  if (process.stdin.isTTY) note('Type the message, then Ctrl-D:');
  return (await text(process.stdin)).replace(/\n$/, '');
}

function headersOf(pairs: readonly string[], command: string): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
      throw WarrenError.of('USAGE', { problem: `--header ${pair} is not KEY=VALUE`, command });
    }),
  );
}
