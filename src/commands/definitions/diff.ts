import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import {
  type Drift,
  driftOf,
  exportDefinitions,
  isDrift,
  readDefinitions,
} from '../../operations/broker/definitions.js';
import { driftText } from '../../view/drift.js';
import { BrokerCommand, brokerFlags } from '../base/broker-command.js';

export default class DefinitionsDiff extends BrokerCommand {
  static override summary = 'Compare the cluster with a file of definitions';
  static override description =
    `The exit status is 2 when they differ. Order and what is another for each cluster do not count; sections that
the file lacks are not compared.`;
  static override examples = ['<%= config.bin %> definitions diff definitions.json'];
  static override args = {
    definitions: Args.string({ description: 'the file, as definitions export writes it', required: true }),
  };
  static override flags = {
    ...brokerFlags,
    vhost: Flags.string({ description: 'this vhost only, with a file that was exported of it' }),
  };

  async run(): Promise<Drift> {
    const { args, flags } = await this.parse(DefinitionsDiff);
    const wanted = await readDefinitions(args.definitions);
    const there = await this.withBroker(flags, (broker) => exportDefinitions(broker, flags.vhost));
    const drift = driftOf(wanted, there);
    this.log(driftText(drift, args.definitions));
    if (isDrift(drift)) process.exitCode = 2;
    return drift;
  }
}
