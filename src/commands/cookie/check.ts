import { exitStatus } from '../../errors/exit-status.js';
import { type CookieCheckResult, checkCookies } from '../../operations/cookie.js';
import { cookieText } from '../../view/cookie.js';
import { DayTwoCommand, hostReachFlags, targetFlag } from '../base/day-two-command.js';

export default class CookieCheck extends DayTwoCommand {
  static override summary = 'Compare the Erlang cookies of all hosts';
  static override description =
    `RabbitMQ's own file, those in the homes of root and of the user who logs in, and what each
running node uses: hashes, owners and modes. No cookie is shown. The exit status is 78 when something is
amiss.`;

  static override examples = ['<%= config.bin %> cookie check --cluster warren.yaml'];
  static override flags = { cluster: targetFlag, ...hostReachFlags };

  async run(): Promise<CookieCheckResult> {
    const { flags } = await this.parse(CookieCheck);
    const file = await this.onlyHosts(flags.cluster);
    const watch = await this.showProgress();
    const { concurrency } = flags;
    const result = await checkCookies({ file, concurrency, ssh: this.ssh(flags), watch }, this.surroundings);
    this.log(cookieText(result));
    if (!result.ok) process.exitCode = exitStatus.configuration;
    return result;
  }
}
