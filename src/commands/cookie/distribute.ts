import * as Flags from '@oclif/core/flags';
import type { MemberChangeResult } from '../../operations/change-members.js';
import { distribute } from '../../operations/cookie.js';
import { DayTwoCommand, hostChangeFlags } from '../base/day-two-command.js';

export default class CookieDistribute extends DayTwoCommand {
  static override summary = "Give every node of the cluster one host's Erlang cookie";
  static override description =
    `RabbitMQ's own, mode 400; it goes through the connection to the host and is never shown. A
node that runs with another cookie is stopped, gets the right one and is started again; it asks first.`;

  static override examples = [
    '<%= config.bin %> cookie distribute --cluster warren.yaml --dry-run',
    '<%= config.bin %> cookie distribute --from server2 --cluster warren.yaml --yes',
  ];

  static override flags = {
    ...hostChangeFlags,
    from: Flags.string({
      description: 'the host whose cookie it is (default: the first)',
      helpValue: 'HOST',
    }),
  };

  async run(): Promise<MemberChangeResult> {
    const { flags } = await this.parse(CookieDistribute);
    const options = await this.changeOptions(await this.onlyHosts(flags.cluster), flags);
    return this.tellChange(await distribute({ ...options, from: flags.from }, this.surroundings));
  }
}
