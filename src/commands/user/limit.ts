import * as Args from '@oclif/core/args';
import type { Done } from '../../operations/broker/objects.js';
import { setUserLimits } from '../../operations/broker/users.js';
import { BrokerCommand, brokerFlags } from '../base/broker-command.js';
import { userArgument } from '../base/object-arguments.js';

export default class UserLimit extends BrokerCommand {
  static override summary = 'Limit the connections or channels of a user';
  static override description =
    'A value of -1 is no limit, 0 allows none; an empty value takes the limit away.';
  static override examples = [
    '<%= config.bin %> user limit app max-connections=100 max-channels=1000',
    '<%= config.bin %> user limit app max-channels=',
  ];
  static override strict = false;
  static override usage = 'user limit USER LIMIT=NUMBER...';
  static override args = {
    ...userArgument,
    limit: Args.string({ description: 'max-connections=N, max-channels=N', required: true }),
  };
  static override flags = brokerFlags;

  async run(): Promise<Done> {
    const { args, argv, flags } = await this.parse(UserLimit);
    const limits = argv.slice(1).map(String);
    return this.change(flags, (broker) => setUserLimits(broker, args.user, limits));
  }
}
