import * as Flags from '@oclif/core/flags';
import { haStatus } from '../../operations/broker/ha.js';
import { haColumns } from '../../view/columns/policies.js';
import { ListCommand, listFlags } from '../base/list-command.js';

export default class HaStatus extends ListCommand {
  static override summary =
    'Show where the copies of each queue are, and which queue would not survive its leader';
  static override description = `READY counts the copies that could take over without losing a message.`;
  static override examples = ['<%= config.bin %> ha status'];
  static override flags = { ...listFlags, vhost: Flags.string({ description: 'of this vhost only' }) };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(HaStatus);
    return this.list(flags, haColumns, (broker, query) => haStatus(broker, flags.vhost, query));
  }
}
