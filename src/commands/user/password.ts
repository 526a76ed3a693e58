import type { Done } from '../../operations/broker/objects.js';
import { setPassword } from '../../operations/broker/users.js';
import { BrokerCommand, brokerFlags } from '../base/broker-command.js';
import { userArgument } from '../base/object-arguments.js';
import { passwordFlags, passwordOf } from '../base/password.js';

export default class UserPassword extends BrokerCommand {
  static override summary = 'Give a user a new password';
  static override description = 'Its tags and permissions stay; connections that are open stay open.';
  static override examples = ['echo "n3w" | <%= config.bin %> user password app --password-stdin'];
  static override args = userArgument;
  static override flags = { ...brokerFlags, ...passwordFlags };

  async run(): Promise<Done & { password?: string }> {
    const { args, flags } = await this.parse(UserPassword);
    const { value, generated } = await passwordOf(flags, args.user, !this.jsonEnabled());
    const done = await this.change(flags, (broker) => setPassword(broker, args.user, value));
    if (!generated) return done;
    this.log(`It is, and is not shown again: ${value}`);
    return { ...done, password: value };
  }
}
