import * as Args from '@oclif/core/args';
import type { Done } from '../../operations/broker/objects.js';
import { setTags } from '../../operations/broker/users.js';
import { BrokerCommand, brokerFlags } from '../base/broker-command.js';
import { userArgument } from '../base/object-arguments.js';

export default class UserTags extends BrokerCommand {
  static override summary = 'Set the tags of a user; without any, take them away';
  static override description =
    `administrator: all; monitoring: sees all; policymaker: policies of its vhosts; management: its own
vhosts. A user without one of them cannot log in to the management API.`;
  static override examples = [
    '<%= config.bin %> user tags app management,policymaker',
    '<%= config.bin %> user tags viewer',
  ];
  static override args = {
    ...userArgument,
    tags: Args.string({ description: 'the tags, with commas' }),
  };
  static override flags = brokerFlags;

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(UserTags);
    const tags = args.tags?.split(',').filter(Boolean) ?? [];
    return this.change(flags, (broker) => setTags(broker, args.user, tags));
  }
}
