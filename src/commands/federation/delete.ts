import * as Args from '@oclif/core/args';
import { deleteLink } from '../../operations/broker/links.js';
import type { Done } from '../../operations/broker/objects.js';
import { BrokerCommand, destroyFlags } from '../base/broker-command.js';

export default class FederationDelete extends BrokerCommand {
  static override summary = 'Delete an upstream, and with it its links';
  static override examples = ['<%= config.bin %> federation delete south --yes'];
  static override args = { name: Args.string({ description: 'its name', required: true }) };
  static override flags = destroyFlags;

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(FederationDelete);
    const question = `Delete upstream ${args.name} in vhost ${flags.vhost}?`;
    return this.destroy(flags, question, (broker) =>
      deleteLink(broker, 'federation', args.name, flags.vhost),
    );
  }
}
