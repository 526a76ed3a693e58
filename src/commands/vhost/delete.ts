import * as Args from '@oclif/core/args';
import type { Done } from '../../operations/broker/objects.js';
import { deleteVhost } from '../../operations/broker/vhosts.js';
import { BrokerCommand, brokerFlags } from '../base/broker-command.js';
import { yesFlag } from '../base/flags.js';

export default class VhostDelete extends BrokerCommand {
  static override summary = 'Delete a vhost with all that is in it';
  static override examples = ['<%= config.bin %> vhost delete shop --yes'];
  static override args = { name: Args.string({ description: 'the name of the vhost', required: true }) };
  static override flags = { ...brokerFlags, yes: yesFlag };

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(VhostDelete);
    const question = `Delete vhost ${args.name} with its queues, messages, policies and permissions?`;
    return this.destroy(flags, question, (broker) => deleteVhost(broker, args.name));
  }
}
