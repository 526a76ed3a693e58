import { listFeatureFlags } from '../../operations/broker/feature-flags.js';
import { featureFlagColumns } from '../../view/columns/parameters.js';
import { ListCommand, listFlags } from '../base/list-command.js';

export default class FeatureFlagList extends ListCommand {
  static override summary = 'List the feature flags';
  static override examples = ['<%= config.bin %> feature-flag list'];
  static override flags = listFlags;

  async run(): Promise<unknown> {
    const { flags } = await this.parse(FeatureFlagList);
    return this.list(flags, featureFlagColumns, listFeatureFlags);
  }
}
