import * as Args from '@oclif/core/args';
import type { Done } from '../../operations/broker/objects.js';
import { setVhostLimits } from '../../operations/broker/vhosts.js';
import { BrokerCommand, brokerFlags } from '../base/broker-command.js';

export default class VhostLimit extends BrokerCommand {
  static override summary = 'Limit the connections or queues of a vhost';
  static override description =
    `A value of -1 is no limit, 0 allows none; an empty value takes the limit away.`;
  static override examples = ['<%= config.bin %> vhost limit shop max-queues=50 max-connections=100'];
  static override strict = false;
  static override usage = 'vhost limit VHOST LIMIT=NUMBER...';
  static override args = {
    name: Args.string({ description: 'the name of the vhost', required: true }),
    limit: Args.string({ description: 'max-connections=N, max-queues=N', required: true }),
  };
  static override flags = brokerFlags;

  async run(): Promise<Done> {
    const { args, argv, flags } = await this.parse(VhostLimit);
    return this.change(flags, (broker) => setVhostLimits(broker, args.name, argv.slice(1).map(String)));
  }
}
