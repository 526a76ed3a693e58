import * as Flags from '@oclif/core/flags';
import type { Done } from '../../operations/broker/objects.js';
import { setPermission } from '../../operations/broker/permissions.js';
import { BrokerCommand, changeFlags } from '../base/broker-command.js';
import { userArgument } from '../base/object-arguments.js';

export default class PermissionSet extends BrokerCommand {
  static override summary = 'Say what a user may do in a vhost, by the names of queues and exchanges';
  static override description =
    `It may do all, unless expressions are given; an empty one allows nothing. With --exchange they are about
routing keys of a topic exchange.`;
  static override examples = [
    '<%= config.bin %> permission set app',
    "<%= config.bin %> permission set app --vhost shop --configure '' --write '^orders' --read '.*'",
    "<%= config.bin %> permission set app --exchange amq.topic --write '^sensors'",
  ];
  static override args = userArgument;
  static override flags = {
    ...changeFlags,
    configure: Flags.string({
      description: 'what it may declare and delete (a regular expression)',
      default: '.*',
      exclusive: ['exchange'],
    }),
    write: Flags.string({ description: 'where it may publish to, or bind', default: '.*' }),
    read: Flags.string({ description: 'what it may consume from', default: '.*' }),
    exchange: Flags.string({ description: 'instead: with which routing keys at this topic exchange' }),
  };

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(PermissionSet);
    const { vhost, exchange, configure, write, read } = flags;
    return this.change(flags, (broker) =>
      setPermission(broker, { user: args.user, vhost, exchange, configure, write, read }),
    );
  }
}
