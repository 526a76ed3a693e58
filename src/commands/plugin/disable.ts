import * as Args from '@oclif/core/args';
import type { Done } from '../../operations/broker/objects.js';
import { switchPlugins } from '../../operations/broker/plugins.js';
import { BrokerCommand, brokerFlags } from '../base/broker-command.js';
import { yesFlag } from '../base/flags.js';

export default class PluginDisable extends BrokerCommand {
  static override summary = 'Disable plugins on every node';
  static override examples = ['<%= config.bin %> plugin disable rabbitmq_random_exchange --yes'];
  static override strict = false;
  static override usage = 'plugin disable PLUGIN...';
  static override args = {
    plugin: Args.string({ description: 'the plugin; several are allowed', required: true }),
  };
  static override flags = { ...brokerFlags, yes: yesFlag };

  async run(): Promise<Done> {
    const { argv, flags } = await this.parse(PluginDisable);
    const question = `Disable ${argv.join(', ')} on every node?`;
    return this.destroy(flags, question, (broker) => switchPlugins(broker, 'disable', argv.map(String)));
  }
}
