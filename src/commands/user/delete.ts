import type { Done } from '../../operations/broker/objects.js';
import { deleteUser } from '../../operations/broker/users.js';
import { BrokerCommand, brokerFlags } from '../base/broker-command.js';
import { yesFlag } from '../base/flags.js';
import { userArgument } from '../base/object-arguments.js';

export default class UserDelete extends BrokerCommand {
  static override summary = 'Delete a user with its permissions';
  static override examples = ['<%= config.bin %> user delete viewer --yes'];
  static override args = userArgument;
  static override flags = { ...brokerFlags, yes: yesFlag };

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(UserDelete);
    const question = `Delete user ${args.user} with its permissions?`;
    return this.destroy(flags, question, (broker) => deleteUser(broker, args.user));
  }
}
