import * as Flags from '@oclif/core/flags';
import { linkStatus } from '../../operations/broker/links.js';
import { shovelStatusColumns } from '../../view/columns/links.js';
import { ListCommand, listFlags } from '../base/list-command.js';

export default class ShovelStatus extends ListCommand {
  static override summary = 'Show which shovels run, and why one does not';
  static override examples = ['<%= config.bin %> shovel status'];
  static override flags = { ...listFlags, vhost: Flags.string({ description: 'of this vhost only' }) };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(ShovelStatus);
    return this.list(flags, shovelStatusColumns, (broker, query) =>
      linkStatus(broker, 'shovel', flags.vhost, query),
    );
  }
}
