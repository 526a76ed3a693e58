import * as Flags from '@oclif/core/flags';
import { exportDefinitions, writeDefinitions } from '../../operations/broker/definitions.js';
import { jsonText } from '../../view/json.js';
import { BrokerCommand, brokerFlags } from '../base/broker-command.js';

export default class DefinitionsExport extends BrokerCommand {
  static override summary = 'Export all that the cluster is made of, but its messages';
  static override examples = [
    '<%= config.bin %> definitions export --out definitions.json',
    '<%= config.bin %> definitions export --vhost / > slash.json',
  ];
  static override flags = {
    ...brokerFlags,
    vhost: Flags.string({ description: 'of this vhost only: without users and permissions' }),
    out: Flags.string({
      char: 'o',
      description: 'the file to write (default: standard output)',
      helpValue: 'FILE',
    }),
  };

  async run(): Promise<object> {
    const { flags } = await this.parse(DefinitionsExport);
    const definitions = await this.withBroker(flags, (broker) => exportDefinitions(broker, flags.vhost));
    if (flags.out === undefined) {
      if (!this.jsonEnabled()) this.log(jsonText(definitions, 2));
      return definitions;
    }
    await writeDefinitions(flags.out, definitions);
    this.log(`Wrote ${flags.out}, which you alone can read: the hashes of passwords are in it.`);
    return { file: flags.out };
  }
}
