import * as Flags from '@oclif/core/flags';
import type { Done } from '../../operations/broker/objects.js';
import { addUser } from '../../operations/broker/users.js';
import { BrokerCommand, brokerFlags } from '../base/broker-command.js';
import { userArgument } from '../base/object-arguments.js';
import { passwordFlags, passwordOf } from '../base/password.js';

export default class UserAdd extends BrokerCommand {
  static override summary = 'Add a user';
  static override description =
    `The password is asked for, or comes from standard input, a file or the environment; never from the
command line. A new user may do nothing yet: warren permission set USER`;
  static override examples = [
    'echo "s3cret" | <%= config.bin %> user add app --password-stdin',
    '<%= config.bin %> user add operator --tags administrator --password generate',
    'OPS=s3cret <%= config.bin %> user add viewer --tags monitoring --password env:OPS',
    '<%= config.bin %> user add device --without-password',
  ];
  static override args = userArgument;
  static override flags = {
    ...brokerFlags,
    ...passwordFlags,
    'without-password': Flags.boolean({
      description: 'no login by password, only by a certificate or the like',
      exclusive: ['password', 'password-stdin'],
    }),
    tags: Flags.string({
      description: 'administrator, monitoring, policymaker, management, or words of your own',
      helpValue: 'TAG,…',
      default: '',
    }),
  };

  async run(): Promise<Done & { password?: string }> {
    const { args, flags } = await this.parse(UserAdd);
    const given = flags['without-password'] ? undefined : await this.#password(args.user, flags);
    const user = { name: args.user, password: given?.value, tags: flags.tags.split(',').filter(Boolean) };
    const done = await this.change(flags, (broker) => addUser(broker, user));
    if (!given?.generated) return done;
    this.log(`Its password, which is not shown again: ${given.value}`);
    return { ...done, password: given.value };
  }

  #password(user: string, flags: Parameters<typeof passwordOf>[0]) {
    return passwordOf(flags, user, !this.jsonEnabled());
  }
}
