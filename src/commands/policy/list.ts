import * as Flags from '@oclif/core/flags';
import { listPolicies } from '../../operations/broker/policies.js';
import { policyColumns } from '../../view/columns/policies.js';
import { ListCommand, listFlags } from '../base/list-command.js';

export default class PolicyList extends ListCommand {
  static override summary = 'List the policies';
  static override examples = ['<%= config.bin %> policy list', '<%= config.bin %> policy list --operator'];
  static override flags = {
    ...listFlags,
    vhost: Flags.string({ description: 'of this vhost only' }),
    operator: Flags.boolean({ description: 'operator policies, which limit what users set' }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(PolicyList);
    return this.list(flags, policyColumns, (broker, query) => listPolicies(broker, flags, query));
  }
}
