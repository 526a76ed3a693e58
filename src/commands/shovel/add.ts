import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { setLink } from '../../operations/broker/links.js';
import type { Done } from '../../operations/broker/objects.js';
import { BrokerCommand, changeFlags } from '../base/broker-command.js';
import { uriOf } from '../base/uri.js';

export default class ShovelAdd extends BrokerCommand {
  static override summary = 'Add a dynamic shovel';
  static override description = `A URI with a password is given as env:NAME or file:PATH.`;
  static override examples = [
    '<%= config.bin %> shovel add move --from-queue orders --to-queue archive',
    '<%= config.bin %> shovel add away --from-queue orders --to env:SOUTH_URI --to-exchange events --set ack-mode=on-confirm',
  ];
  static override args = { name: Args.string({ description: 'its name', required: true }) };
  static override flags = {
    ...changeFlags,
    from: Flags.string({
      description: 'the AMQP URI to take from (default: this broker)',
      default: 'amqp://',
    }),
    'from-queue': Flags.string({
      description: 'the queue to take from',
      exactlyOne: ['from-queue', 'from-exchange'],
    }),
    'from-exchange': Flags.string({ description: 'the exchange to take from' }),
    'from-key': Flags.string({
      description: 'the routing key to bind to it with',
      dependsOn: ['from-exchange'],
    }),
    to: Flags.string({ description: 'the AMQP URI to bring to (default: this broker)', default: 'amqp://' }),
    'to-queue': Flags.string({
      description: 'the queue to bring to',
      exactlyOne: ['to-queue', 'to-exchange'],
    }),
    'to-exchange': Flags.string({ description: 'the exchange to bring to' }),
    'to-key': Flags.string({ description: 'the routing key to publish with', dependsOn: ['to-exchange'] }),
    set: Flags.string({
      description: 'a setting, such as prefetch-count=100',
      helpValue: 'KEY=VALUE',
      multiple: true,
      multipleNonGreedy: true,
      default: [],
    }),
  };

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(ShovelAdd);
    const value = {
      'src-protocol': 'amqp091',
      'src-uri': await uriOf(flags.from, '--from'),
      'src-queue': flags['from-queue'],
      'src-exchange': flags['from-exchange'],
      'src-exchange-key': flags['from-key'],
      'dest-protocol': 'amqp091',
      'dest-uri': await uriOf(flags.to, '--to'),
      'dest-queue': flags['to-queue'],
      'dest-exchange': flags['to-exchange'],
      'dest-exchange-key': flags['to-key'],
    };
    return this.change(flags, (broker) =>
      setLink(broker, 'shovel', { name: args.name, vhost: flags.vhost, value, settings: flags.set }),
    );
  }
}
