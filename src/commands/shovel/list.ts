import * as Flags from '@oclif/core/flags';
import { listLinks } from '../../operations/broker/links.js';
import { shovelColumns } from '../../view/columns/links.js';
import { ListCommand, listFlags } from '../base/list-command.js';

export default class ShovelList extends ListCommand {
  static override summary = 'List the dynamic shovels: what moves messages from here to there';
  static override examples = ['<%= config.bin %> shovel list'];
  static override flags = { ...listFlags, vhost: Flags.string({ description: 'of this vhost only' }) };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(ShovelList);
    return this.list(flags, shovelColumns, (broker, query) =>
      listLinks(broker, 'shovel', flags.vhost, query),
    );
  }
}
