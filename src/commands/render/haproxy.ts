import type { RenderResult } from '../../operations/render.js';
import { RenderCommand } from '../base/render-command.js';

export default class RenderHaproxy extends RenderCommand {
  static override summary = 'Show the haproxy.cfg of each balancer, without touching a host';
  static override examples = [
    '<%= config.bin %> render haproxy --file warren.yaml',
    '<%= config.bin %> render haproxy --host server4',
    '<%= config.bin %> render haproxy --out rendered --secrets',
  ];

  async run(): Promise<RenderResult> {
    const { flags } = await this.parse(RenderHaproxy);
    return this.render('haproxy', flags);
  }
}
