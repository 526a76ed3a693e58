import { listUsers } from '../../operations/broker/users.js';
import { userColumns } from '../../view/columns/users.js';
import { ListCommand, listFlags } from '../base/list-command.js';

export default class UserList extends ListCommand {
  static override summary = 'List the users';
  static override examples = [
    '<%= config.bin %> user list',
    '<%= config.bin %> user list --columns name,tags --sort name --csv',
  ];
  static override flags = listFlags;

  async run(): Promise<unknown> {
    const { flags } = await this.parse(UserList);
    return this.list(flags, userColumns, listUsers);
  }
}
