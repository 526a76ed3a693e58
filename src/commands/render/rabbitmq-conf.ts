import type { RenderResult } from '../../operations/render.js';
import { RenderCommand } from '../base/render-command.js';

export default class RenderRabbitmqConf extends RenderCommand {
  static override summary =
    'Show what RabbitMQ reads on each of its hosts: configuration, environment, plugins, limits';
  static override examples = [
    '<%= config.bin %> render rabbitmq-conf --host server1',
    '<%= config.bin %> render rabbitmq-conf --out rendered',
  ];

  async run(): Promise<RenderResult> {
    const { flags } = await this.parse(RenderRabbitmqConf);
    return this.render('rabbitmq-conf', flags);
  }
}
