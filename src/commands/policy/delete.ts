import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { Done } from '../../operations/broker/objects.js';
import { deletePolicy } from '../../operations/broker/policies.js';
import { BrokerCommand, destroyFlags } from '../base/broker-command.js';

export default class PolicyDelete extends BrokerCommand {
  static override summary = 'Delete a policy';
  static override examples = [
    '<%= config.bin %> policy delete short --yes',
    '<%= config.bin %> policy delete cap --operator --yes',
  ];
  static override args = { name: Args.string({ description: 'the name of the policy', required: true }) };
  static override flags = {
    ...destroyFlags,
    operator: Flags.boolean({ description: 'operator policies, which limit what users set' }),
  };

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(PolicyDelete);
    const { vhost, operator } = flags;
    const question = `Delete policy ${args.name} in vhost ${flags.vhost}?`;
    return this.destroy(flags, question, (broker) =>
      deletePolicy(broker, { name: args.name, vhost, operator }),
    );
  }
}
