import * as Flags from '@oclif/core/flags';
import { listPlugins } from '../../operations/broker/plugins.js';
import { pluginColumns } from '../../view/columns/plugins.js';
import { ListCommand, listFlags } from '../base/list-command.js';

export default class PluginList extends ListCommand {
  static override summary = 'List the plugins that are enabled, and on which nodes';
  static override description =
    `A node without a plugin that others have is named under MISSING. By --url, only what is enabled can be told.`;
  static override examples = ['<%= config.bin %> plugin list', '<%= config.bin %> plugin list --all'];
  static override flags = {
    ...listFlags,
    all: Flags.boolean({ description: 'those that could be enabled as well' }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(PluginList);
    return this.list(flags, pluginColumns, (broker, query) => listPlugins(broker, flags.all, query));
  }
}
