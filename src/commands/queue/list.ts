import * as Flags from '@oclif/core/flags';
import { listQueues } from '../../operations/broker/queues.js';
import { queueColumns } from '../../view/columns/queues.js';
import { ListCommand, listFlags } from '../base/list-command.js';

export default class QueueList extends ListCommand {
  static override summary = 'List the queues';
  static override description =
    'The broker sorts, filters and hands them out page by page: ten thousand queues hurt nobody.';
  static override examples = [
    '<%= config.bin %> queue list',
    '<%= config.bin %> queue list --sort messages --reverse --limit 10',
    "<%= config.bin %> queue list --filter '^orders' --columns name,messages,publish,mirrors",
    '<%= config.bin %> queue list --vhost / --csv',
  ];
  static override flags = {
    ...listFlags,
    vhost: Flags.string({ description: 'of this vhost only' }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(QueueList);
    return this.list(flags, queueColumns, (broker, query) => listQueues(broker, flags.vhost, query));
  }
}
