import * as Flags from '@oclif/core/flags';
import { listPermissions } from '../../operations/broker/permissions.js';
import { permissionColumns, topicPermissionColumns } from '../../view/columns/permissions.js';
import { ListCommand, listFlags } from '../base/list-command.js';

export default class PermissionList extends ListCommand {
  static override summary = 'List who may do what in which vhost';
  static override examples = [
    '<%= config.bin %> permission list',
    '<%= config.bin %> permission list --user app',
    '<%= config.bin %> permission list --topic',
  ];
  static override flags = {
    ...listFlags,
    vhost: Flags.string({ description: 'of this vhost only' }),
    user: Flags.string({ description: 'of this user only', exclusive: ['vhost'] }),
    topic: Flags.boolean({ description: 'topic permissions: which routing keys of which exchange' }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(PermissionList);
    const columns = flags.topic ? topicPermissionColumns : permissionColumns;
    return this.list(flags, columns, (broker, query) => listPermissions(broker, flags, query));
  }
}
