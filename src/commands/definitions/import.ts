import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { importDefinitions, readDefinitions } from '../../operations/broker/definitions.js';
import { BrokerCommand, brokerFlags } from '../base/broker-command.js';
import { confirm } from '../base/confirm.js';
import { yesFlag } from '../base/flags.js';

export default class DefinitionsImport extends BrokerCommand {
  static override summary = 'Import definitions from a file';
  static override description =
    `What the broker holds besides stays. A queue or exchange that is there with other properties is left as it is.`;
  static override examples = ['<%= config.bin %> definitions import definitions.json --yes'];
  static override args = {
    definitions: Args.string({ description: 'the file, as definitions export writes it', required: true }),
  };
  static override flags = {
    ...brokerFlags,
    yes: yesFlag,
    vhost: Flags.string({ description: 'into this vhost' }),
  };

  async run(): Promise<object> {
    const { args, flags } = await this.parse(DefinitionsImport);
    const definitions = await readDefinitions(args.definitions);
    const question = `Import ${args.definitions}? Users, policies and parameters of the same names are replaced`;
    await confirm(question, { yes: flags.yes, json: this.jsonEnabled() });
    const imported = await this.withBroker(flags, (broker) =>
      importDefinitions(broker, definitions, flags.vhost),
    );
    const counts = Object.entries(imported).map(([what, count]) => `${count} ${what.replaceAll('_', ' ')}`);
    this.log(`Imported ${counts.join(', ') || 'nothing'}.`);
    return { imported };
  }
}
