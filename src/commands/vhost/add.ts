import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { Done } from '../../operations/broker/objects.js';
import { addVhost } from '../../operations/broker/vhosts.js';
import { BrokerCommand, brokerFlags } from '../base/broker-command.js';

export default class VhostAdd extends BrokerCommand {
  static override summary = 'Add a vhost';
  static override examples = ["<%= config.bin %> vhost add shop --description 'Orders of the shop'"];
  static override args = { name: Args.string({ description: 'the name of the vhost', required: true }) };
  static override flags = {
    ...brokerFlags,
    description: Flags.string({ description: 'what it is for' }),
    tags: Flags.string({ description: 'words of your own, with commas', helpValue: 'TAG,…' }),
    'queue-type': Flags.string({
      description: 'what a queue declared without a type is (from 3.10.7 on)',
      options: ['classic', 'quorum', 'stream'],
    }),
  };

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(VhostAdd);
    const { description, tags, 'queue-type': queueType } = flags;
    return this.change(flags, (broker) =>
      addVhost(broker, { name: args.name, description, tags, queueType }),
    );
  }
}
