import type { MemberChangeResult } from '../../operations/change-members.js';
import { rotate } from '../../operations/cookie.js';
import { DayTwoCommand, hostChangeFlags } from '../base/day-two-command.js';

export default class CookieRotate extends DayTwoCommand {
  static override summary = 'Give all nodes a new Erlang cookie';
  static override description =
    `A new one, or the one that the cluster file names. The nodes take it over while they run: no
client is interrupted, since a cookie is only asked for when two nodes connect. For about a second, while some
nodes have the new one and others the old, two that lost each other would have to wait. Only a node whose own
tools are not let in any more has to be restarted, and that is asked about.`;

  static override examples = ['<%= config.bin %> cookie rotate --cluster warren.yaml --dry-run'];
  static override flags = hostChangeFlags;

  async run(): Promise<MemberChangeResult> {
    const { flags } = await this.parse(CookieRotate);
    const options = await this.changeOptions(await this.onlyHosts(flags.cluster), flags);
    return this.tellChange(await rotate(options, this.surroundings));
  }
}
