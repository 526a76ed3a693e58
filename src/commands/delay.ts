import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { makeDelay } from '../operations/broker/messages.js';
import type { Done } from '../operations/broker/objects.js';
import { BrokerCommand, changeFlags } from './base/broker-command.js';
import { millisecondsOf } from './base/duration.js';

export default class Delay extends BrokerCommand {
  static override summary = 'Make a delay queue: what is published to it arrives elsewhere later';
  static override description =
    `By time to live and dead-lettering, which every RabbitMQ has. One queue for each delay: a message expires only
when it is at the head, so a long delay would hold up the short ones behind it.`;
  static override examples = ['<%= config.bin %> delay orders-in-10s --for 10s --to orders'];
  static override args = {
    name: Args.string({ description: 'the name of the delay queue', required: true }),
  };
  static override flags = {
    ...changeFlags,
    for: Flags.string({ description: 'how long: 500ms, 10s, 5m, 2h, 1d', required: true }),
    to: Flags.string({ description: 'the queue that messages arrive in', required: true }),
  };

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(Delay);
    return this.change(flags, (broker) =>
      makeDelay(broker, {
        name: args.name,
        vhost: flags.vhost,
        to: flags.to,
        milliseconds: millisecondsOf(flags.for),
      }),
    );
  }
}
