import * as Flags from '@oclif/core/flags';
import { listParameters } from '../../operations/broker/parameters.js';
import { globalParameterColumns, parameterColumns } from '../../view/columns/parameters.js';
import { ListCommand, listFlags } from '../base/list-command.js';

export default class ParameterList extends ListCommand {
  static override summary = 'List runtime parameters, of vhosts or of the whole cluster';
  static override examples = [
    '<%= config.bin %> parameter list',
    '<%= config.bin %> parameter list --global',
  ];
  static override flags = {
    ...listFlags,
    component: Flags.string({
      description: 'the component, such as federation-upstream-set',
      exclusive: ['global'],
    }),
    global: Flags.boolean({ description: 'a parameter of the whole cluster' }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(ParameterList);
    const columns = flags.global ? globalParameterColumns : parameterColumns;
    return this.list(flags, columns, (broker, query) => listParameters(broker, flags, query));
  }
}
