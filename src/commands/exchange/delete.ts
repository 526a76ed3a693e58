import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { deleteExchange } from '../../operations/broker/exchanges.js';
import type { Done } from '../../operations/broker/objects.js';
import { BrokerCommand, destroyFlags } from '../base/broker-command.js';

export default class ExchangeDelete extends BrokerCommand {
  static override summary = 'Delete an exchange with its bindings';
  static override examples = ['<%= config.bin %> exchange delete events --yes'];
  static override args = { exchange: Args.string({ description: 'its name', required: true }) };
  static override flags = {
    ...destroyFlags,
    'if-unused': Flags.boolean({ description: 'only if nothing is bound to it' }),
  };

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(ExchangeDelete);
    const question = `Delete exchange ${args.exchange} in vhost ${flags.vhost} with its bindings?`;
    return this.destroy(flags, question, (broker) =>
      deleteExchange(broker, args.exchange, flags.vhost, flags['if-unused']),
    );
  }
}
