import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { Done } from '../../operations/broker/objects.js';
import { deleteParameter } from '../../operations/broker/parameters.js';
import { BrokerCommand, destroyFlags } from '../base/broker-command.js';
import { scopeOf } from '../base/parameter-scope.js';

export default class ParameterDelete extends BrokerCommand {
  static override summary = 'Delete a runtime parameter';
  static override examples = ['<%= config.bin %> parameter delete where --global --yes'];
  static override args = { name: Args.string({ description: 'its name', required: true }) };
  static override flags = {
    ...destroyFlags,
    component: Flags.string({
      description: 'the component, such as federation-upstream-set',
      exclusive: ['global'],
    }),
    global: Flags.boolean({ description: 'a parameter of the whole cluster' }),
  };

  async run(): Promise<Done> {
    const { args, flags } = await this.parse(ParameterDelete);
    const question = `Delete parameter ${args.name}?`;
    return this.destroy(flags, question, (broker) => deleteParameter(broker, scopeOf(flags), args.name));
  }
}
