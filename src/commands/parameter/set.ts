import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { Done } from '../../operations/broker/objects.js';
import { setParameter } from '../../operations/broker/parameters.js';
import { BrokerCommand, changeFlags } from '../base/broker-command.js';
import { scopeOf } from '../base/parameter-scope.js';

export default class ParameterSet extends BrokerCommand {
  static override summary = 'Set a runtime parameter';
  static override examples = [`<%= config.bin %> parameter set where '{"rack":7}' --global`];
  static override args = {
    name: Args.string({ description: 'its name', required: true }),
    value: Args.string({ description: 'its value, as JSON', required: true }),
  };
  static override flags = {
    ...changeFlags,
    component: Flags.string({
      description: 'the component, such as federation-upstream-set',
      exclusive: ['global'],
    }),
    global: Flags.boolean({ description: 'a parameter of the whole cluster' }),
  };

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(ParameterSet);
    return this.change(flags, (broker) => setParameter(broker, scopeOf(flags), args.name, args.value));
  }
}
