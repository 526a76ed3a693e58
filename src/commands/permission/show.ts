import type { Row } from '../../operations/broker/list.js';
import { showPermission } from '../../operations/broker/permissions.js';
import { BrokerCommand, changeFlags } from '../base/broker-command.js';
import { userArgument } from '../base/object-arguments.js';

export default class PermissionShow extends BrokerCommand {
  static override summary = 'Show what a user may do in a vhost';
  static override examples = ['<%= config.bin %> permission show app'];
  static override args = userArgument;
  static override flags = changeFlags;

  async run(): Promise<Row> {
    const { args, flags } = await this.parse(PermissionShow);
    return this.show(flags, (broker) => showPermission(broker, args.user, flags.vhost));
  }
}
