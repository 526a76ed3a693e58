import * as Flags from '@oclif/core/flags';
import type { Done } from '../../operations/broker/objects.js';
import { clearPermission } from '../../operations/broker/permissions.js';
import { BrokerCommand, destroyFlags } from '../base/broker-command.js';
import { userArgument } from '../base/object-arguments.js';

export default class PermissionClear extends BrokerCommand {
  static override summary = "Take a user's permissions in a vhost away";
  static override examples = [
    '<%= config.bin %> permission clear app --topic --yes',
    '<%= config.bin %> permission clear app --yes',
  ];
  static override args = userArgument;
  static override flags = {
    ...destroyFlags,
    topic: Flags.boolean({ description: 'its topic permissions, of all exchanges' }),
  };

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(PermissionClear);
    const question = `Take the permissions of user ${args.user} in vhost ${flags.vhost} away?`;
    return this.destroy(flags, question, (broker) =>
      clearPermission(broker, args.user, flags.vhost, flags.topic),
    );
  }
}
