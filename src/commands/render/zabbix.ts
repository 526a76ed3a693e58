import * as Flags from '@oclif/core/flags';
import { type RenderedForWatchers, renderZabbix } from '../../operations/render-watch.js';
import { WarrenCommand } from '../base/command.js';

export default class RenderZabbix extends WarrenCommand {
  static override summary = 'Show a template for Zabbix 6.0 that finds nodes and queues by itself';
  static override description =
    `It takes apart what warren metrics tells. The agent is asked for it (UserParameter=
warren.metrics,warren metrics --json), or, with --sender, zabbix_sender brings it.`;

  static override examples = [
    '<%= config.bin %> render zabbix > rabbitmq-by-warren.yaml',
    '<%= config.bin %> render zabbix --sender > rabbitmq-by-warren.yaml',
  ];

  static override flags = {
    sender: Flags.boolean({
      description: 'for warren metrics --zabbix | zabbix_sender, instead of the agent',
    }),
  };

  async run(): Promise<RenderedForWatchers> {
    const { flags } = await this.parse(RenderZabbix);
    const rendered = renderZabbix({ sender: flags.sender });
    this.log(rendered.text.trimEnd());
    return rendered;
  }
}
