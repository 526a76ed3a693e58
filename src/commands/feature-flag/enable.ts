import * as Args from '@oclif/core/args';
import { enableFlags } from '../../operations/broker/feature-flags.js';
import type { Done } from '../../operations/broker/objects.js';
import { BrokerCommand, brokerFlags } from '../base/broker-command.js';
import { yesFlag } from '../base/flags.js';

export default class FeatureFlagEnable extends BrokerCommand {
  static override summary = 'Enable a feature flag, or all stable ones';
  static override description = `All nodes must run. Before an upgrade, all stable ones have to be enabled.`;
  static override examples = ['<%= config.bin %> feature-flag enable all --yes'];
  static override args = { flag: Args.string({ description: 'its name, or all', required: true }) };
  static override flags = { ...brokerFlags, yes: yesFlag };

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(FeatureFlagEnable);
    const question = `Enable ${args.flag === 'all' ? 'all stable feature flags' : args.flag}? It cannot be undone, and nodes of older versions can no longer join`;
    return this.destroy(flags, question, (broker) => enableFlags(broker, args.flag));
  }
}
