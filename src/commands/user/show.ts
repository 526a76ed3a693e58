import type { Row } from '../../operations/broker/list.js';
import { showUser } from '../../operations/broker/users.js';
import { BrokerCommand, brokerFlags } from '../base/broker-command.js';
import { userArgument } from '../base/object-arguments.js';

export default class UserShow extends BrokerCommand {
  static override summary = 'Show a user: tags, limits, and the hash of the password';
  static override examples = ['<%= config.bin %> user show app'];
  static override args = userArgument;
  static override flags = brokerFlags;

  async run(): Promise<Row> {
    const { args, flags } = await this.parse(UserShow);
    return this.show(flags, (broker) => showUser(broker, args.user));
  }
}
