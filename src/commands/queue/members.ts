import { membersOf } from '../../operations/broker/queues.js';
import { memberColumns } from '../../view/columns/members.js';
import { vhostFlag } from '../base/broker-command.js';
import { ListCommand, listFlags } from '../base/list-command.js';
import { queueArgument } from '../base/object-arguments.js';

export default class QueueMembers extends ListCommand {
  static override summary = 'Show which nodes have a copy of a queue, and which of them are up to date';
  static override examples = ['<%= config.bin %> queue members orders'];
  static override args = queueArgument;
  static override flags = { ...listFlags, vhost: vhostFlag };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(QueueMembers);
    return this.list(flags, memberColumns, (broker, query) =>
      membersOf(broker, { name: args.queue, vhost: flags.vhost }, query),
    );
  }
}
