import { type PublishResult, publish } from '../operations/publish.js';
import { harmless } from '../view/harmless.js';
import { HostsCommand } from './base/hosts-command.js';
import { addressOf, publishFlags, standardInput } from './base/publish-flags.js';

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
    const address = addressOf(flags, 'publish');
    const bodies = argv.length > 0 ? argv.map(String) : [await standardInput((text) => this.note(text))];
    const result = await publish({ ...flags, ...address, ssh: this.ssh(flags), bodies }, this.surroundings);
    const target = flags.queue
      ? `queue ${flags.queue}`
      : `exchange '${result.exchange}', routing key '${result.routing_key}'`;
    const what = result.confirmed === 1 ? '1 message' : `${result.confirmed} messages`;
    this.log(harmless(`Published ${what} to ${target} on ${result.node}: confirmed.`));
    return result;
  }
}
