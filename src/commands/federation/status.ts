import * as Flags from '@oclif/core/flags';
import { linkStatus } from '../../operations/broker/links.js';
import { linkColumns } from '../../view/columns/links.js';
import { ListCommand, listFlags } from '../base/list-command.js';

export default class FederationStatus extends ListCommand {
  static override summary = 'Show the links to upstreams, and why one does not run';
  static override description =
    `There is a link for each federated exchange or queue; a policy with federation-upstream-set says which those are.`;
  static override examples = ['<%= config.bin %> federation status'];
  static override flags = { ...listFlags, vhost: Flags.string({ description: 'of this vhost only' }) };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(FederationStatus);
    return this.list(flags, linkColumns, (broker, query) =>
      linkStatus(broker, 'federation', flags.vhost, query),
    );
  }
}
