import * as Flags from '@oclif/core/flags';
import { listLinks } from '../../operations/broker/links.js';
import { upstreamColumns } from '../../view/columns/links.js';
import { ListCommand, listFlags } from '../base/list-command.js';

export default class FederationList extends ListCommand {
  static override summary = 'List the upstreams: clusters that messages come from';
  static override examples = ['<%= config.bin %> federation list'];
  static override flags = { ...listFlags, vhost: Flags.string({ description: 'of this vhost only' }) };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(FederationList);
    return this.list(flags, upstreamColumns, (broker, query) =>
      listLinks(broker, 'federation', flags.vhost, query),
    );
  }
}
