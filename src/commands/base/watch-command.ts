import * as Flags from '@oclif/core/flags';
import { urlOf } from '../../operations/broker/url.js';
import type { WatchTarget } from '../../operations/watch/source.js';
import { hostReachFlags, targetFlag } from './day-two-command.js';
import { HostsCommand } from './hosts-command.js';
import { passwordAsker, urlFlag } from './url-flag.js';

/** Which cluster is watched. */
export const watchFlags = {
  cluster: targetFlag,
  ...hostReachFlags,
  url: urlFlag,
};

export const rulesFlag = Flags.string({
  description: 'the rules file (default: the rules that come with Warren)',
  helpValue: 'FILE',
});

interface Flagged {
  readonly cluster?: string | undefined;
  readonly url?: string | undefined;
  readonly 'accept-new': boolean;
  readonly concurrency: number;
}

/** A command that looks at a cluster and changes nothing. */
export abstract class WatchCommand extends HostsCommand {
  protected async target(flags: Flagged): Promise<WatchTarget> {
    const url = await urlOf({ ...flags, ...passwordAsker(this.jsonEnabled()) }, this.surroundings);
    return { cluster: flags.cluster, url, ...this.reach(flags) };
  }

  /** How the hosts of a cluster are reached, whichever it is. */
  protected reach(flags: Flagged): Pick<WatchTarget, 'concurrency' | 'ssh'> {
    return { concurrency: flags.concurrency, ssh: this.ssh(flags) };
  }
}
