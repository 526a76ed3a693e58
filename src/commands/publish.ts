import { text } from 'node:stream/consumers';
import { WarrenError } from '../errors/warren-error.js';
import { type PublishResult, publish } from '../operations/publish.js';
import { HostsCommand } from './base/hosts-command.js';
import { publishFlags } from './base/publish-flags.js';

export default class Publish extends HostsCommand {
  static override summary = 'Publish messages and wait until the broker has confirmed them';
  static override description =
    `Each argument is the body of a message; without one, standard input is. With --queue, the
queue is declared (durable) unless it exists. A message that no queue takes is an error.`;

  static override examples = [
    '<%= config.bin %> publish --queue hello "Hello"',
    'echo "from a pipe" | <%= config.bin %> publish --queue hello',
    '<%= config.bin %> publish --queue hello --header origin=shell --count 100 "Hello again"',
    '<%= config.bin %> publish --exchange amq.topic --routing-key kern.critical "no queue takes this" || true',
  ];

  static override strict = false;
  static override usage = 'publish [--queue QUEUE | --exchange EXCHANGE --routing-key KEY] [BODY...]';
  static override flags = publishFlags;

  async run(): Promise<PublishResult> {
    const { argv, flags } = await this.parse(Publish);
    if (!flags.queue && flags.exchange === undefined && flags['routing-key'] === undefined) {
      throw WarrenError.of('USAGE', {
        problem: 'where to? Give --queue, or --exchange and --routing-key',
        command: 'publish',
      });
    }
    const bodies = argv.length > 0 ? argv.map(String) : [await this.#standardInput()];
    const { header, 'routing-key': routingKey, ...rest } = flags;
    const result = await publish(
      { ...rest, ssh: this.ssh(flags), routingKey, headers: headersOf(header ?? []), bodies },
      this.surroundings,
    );
    const target = flags.queue
      ? `queue ${flags.queue}`
      : `exchange '${result.exchange}', routing key '${result.routing_key}'`;
    const what = result.confirmed === 1 ? '1 message' : `${result.confirmed} messages`;
    this.log(`Published ${what} to ${target} on ${result.node}: confirmed.`);
    return result;
  }

  async #standardInput(): Promise<string> {
    if (process.stdin.isTTY) this.note('Type the message, then Ctrl-D:');
    return (await text(process.stdin)).replace(/\n$/, '');
  }
}

function headersOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
      throw WarrenError.of('USAGE', { problem: `--header ${pair} is not KEY=VALUE`, command: 'publish' });
    }),
  );
}
