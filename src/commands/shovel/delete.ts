import * as Args from '@oclif/core/args';
import { deleteLink } from '../../operations/broker/links.js';
import type { Done } from '../../operations/broker/objects.js';
import { BrokerCommand, destroyFlags } from '../base/broker-command.js';

export default class ShovelDelete extends BrokerCommand {
  static override summary = 'Delete a dynamic shovel';
  static override examples = ['<%= config.bin %> shovel delete move --yes'];
  static override args = { name: Args.string({ description: 'its name', required: true }) };
  static override flags = destroyFlags;

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(ShovelDelete);
    const question = `Delete shovel ${args.name} in vhost ${flags.vhost}?`;
    return this.destroy(flags, question, (broker) => deleteLink(broker, 'shovel', args.name, flags.vhost));
  }
}
