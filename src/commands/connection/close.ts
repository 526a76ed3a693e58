import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { WarrenError } from '../../errors/warren-error.js';
import { closeConnection, closeConnectionsOf } from '../../operations/broker/connections.js';
import type { Done } from '../../operations/broker/objects.js';
import { BrokerCommand, brokerFlags } from '../base/broker-command.js';
import { yesFlag } from '../base/flags.js';

export default class ConnectionClose extends BrokerCommand {
  static override summary = 'Close a connection, or all of a user, and tell the client why';
  static override description =
    `A good client connects again. Names have blanks, so quote them: '127.0.0.1:54321 -> 127.0.0.1:5672'.`;
  static override examples = [
    "<%= config.bin %> connection close --user app --reason 'maintenance at noon' --yes",
  ];
  static override args = {
    connection: Args.string({ description: 'its name, as connection list tells it' }),
  };
  static override flags = {
    ...brokerFlags,
    yes: yesFlag,
    user: Flags.string({ description: 'all connections of this user' }),
    reason: Flags.string({
      description: 'what the client is told',
      default: 'closed by an operator with warren',
    }),
  };

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(ConnectionClose);
    const { user, reason } = flags;
    if ((args.connection === undefined) === (user === undefined)) {
      throw WarrenError.of('USAGE', { problem: 'name a connection, or --user', command: 'connection close' });
    }
    const what = user === undefined ? `connection ${args.connection}` : `all connections of user ${user}`;
    return this.destroy(flags, `Close ${what}?`, (broker) =>
      user === undefined
        ? closeConnection(broker, args.connection!, reason)
        : closeConnectionsOf(broker, user, reason),
    );
  }
}
