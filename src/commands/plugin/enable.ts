import * as Args from '@oclif/core/args';
import type { Done } from '../../operations/broker/objects.js';
import { switchPlugins } from '../../operations/broker/plugins.js';
import { BrokerCommand, brokerFlags } from '../base/broker-command.js';

export default class PluginEnable extends BrokerCommand {
  static override summary = 'Enable plugins on every node';
  static override description =
    `Enabling one on a node says nothing to the others, so it is done on each, by its own tools.`;
  static override examples = ['<%= config.bin %> plugin enable rabbitmq_random_exchange'];
  static override strict = false;
  static override usage = 'plugin enable PLUGIN...';
  static override args = {
    plugin: Args.string({ description: 'the plugin; several are allowed', required: true }),
  };
  static override flags = brokerFlags;

  async run(): Promise<Done> {
    const { argv, flags } = await this.parse(PluginEnable);
    return this.change(flags, (broker) => switchPlugins(broker, 'enable', argv.map(String)));
  }
}
