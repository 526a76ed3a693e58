import * as Flags from '@oclif/core/flags';
import type { WatchTarget } from '../../operations/watch/source.js';
import { hostReachFlags, targetFlag } from './day-two-command.js';
import { HostsCommand } from './hosts-command.js';

/** Which cluster is watched. */
export const watchFlags = {
  cluster: targetFlag,
  ...hostReachFlags,
  url: Flags.string({
    description: 'any management API, instead of a cluster',
    helpValue: 'http://user:password@host:15672',
    exclusive: ['cluster'],
  }),
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
  protected target(flags: Flagged): WatchTarget {
    const { cluster, url, concurrency } = flags;
    return { cluster, url, concurrency, ssh: this.ssh(flags) };
  }
}
