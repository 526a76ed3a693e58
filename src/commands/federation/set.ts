import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { setLink } from '../../operations/broker/links.js';
import type { Done } from '../../operations/broker/objects.js';
import { BrokerCommand, changeFlags } from '../base/broker-command.js';
import { uriOf } from '../base/uri.js';

export default class FederationSet extends BrokerCommand {
  static override summary = 'Set an upstream: where messages come from';
  static override description = `Then a policy says what comes over it:
warren policy set federate '^events' federation-upstream-set=all --apply-to exchanges`;
  static override examples = ['<%= config.bin %> federation set south --uri env:SOUTH_URI --set max-hops=1'];
  static override args = { name: Args.string({ description: 'its name', required: true }) };
  static override flags = {
    ...changeFlags,
    uri: Flags.string({
      description: 'the AMQP URI of the other cluster; one with a password as env:NAME or file:PATH',
      required: true,
    }),
    set: Flags.string({
      description: 'a setting, such as prefetch-count=100',
      helpValue: 'KEY=VALUE',
      multiple: true,
      multipleNonGreedy: true,
      default: [],
    }),
  };

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(FederationSet);
    const uri = await uriOf(flags.uri, '--uri');
    return this.change(flags, (broker) =>
      setLink(broker, 'federation', {
        name: args.name,
        vhost: flags.vhost,
        value: { uri },
        settings: flags.set,
      }),
    );
  }
}
