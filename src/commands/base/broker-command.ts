import * as Flags from '@oclif/core/flags';
import type { Row } from '../../operations/broker/list.js';
import type { Done } from '../../operations/broker/objects.js';
import { type Broker, type BrokerOptions, withBroker } from '../../operations/broker/reach.js';
import { doneText } from '../../view/done.js';
import { recordText } from '../../view/record.js';
import { confirm } from './confirm.js';
import { targetFlag } from './day-two-command.js';
import { yesFlag } from './flags.js';
import { hostFlags } from './host-flags.js';
import { HostsCommand } from './hosts-command.js';
import { passwordAsker, urlFlag } from './url-flag.js';

/** Which broker: a cluster of this machine, the hosts of a cluster file, or any management API. */
export const brokerFlags = {
  cluster: targetFlag,
  url: urlFlag,
  'accept-new': hostFlags['accept-new'],
};

export const vhostFlag = Flags.string({ description: 'the vhost', default: '/' });
export const changeFlags = { ...brokerFlags, vhost: vhostFlag };
export const destroyFlags = { ...changeFlags, yes: yesFlag };

export interface BrokerFlags {
  readonly cluster?: string | undefined;
  readonly url?: string | undefined;
  readonly 'accept-new': boolean;
}

/** A command that speaks to a broker through its management API. */
export abstract class BrokerCommand extends HostsCommand {
  protected withBroker<T>(flags: BrokerFlags, use: (broker: Broker) => Promise<T>): Promise<T> {
    return withBroker(this.#options(flags), this.surroundings, use);
  }

  /** Makes one change, and says what came of it. */
  protected async change(flags: BrokerFlags, make: (broker: Broker) => Promise<Done>): Promise<Done> {
    const done = await this.withBroker(flags, make);
    this.log(doneText(done));
    return done;
  }

  /** Shows one object, all of it. */
  protected async show(flags: BrokerFlags, ask: (broker: Broker) => Promise<Row>): Promise<Row> {
    const record = await this.withBroker(flags, ask);
    this.log(recordText(record));
    return record;
  }

  /** A change that takes something away: asks first. */
  protected async destroy(
    flags: BrokerFlags & { readonly yes: boolean },
    question: string,
    make: (broker: Broker) => Promise<Done>,
  ): Promise<Done> {
    await confirm(question, { yes: flags.yes, json: this.jsonEnabled() });
    return this.change(flags, make);
  }

  #options(flags: BrokerFlags): BrokerOptions {
    return {
      cluster: flags.cluster,
      url: flags.url,
      ssh: this.ssh(flags),
      ...passwordAsker(this.jsonEnabled()),
    };
  }
}
