import type { RenderResult } from '../../operations/render.js';
import { RenderCommand } from '../base/render-command.js';

export default class RenderKeepalived extends RenderCommand {
  static override summary = 'Show the keepalived.conf of each balancer, without touching a host';
  static override examples = [
    '<%= config.bin %> render keepalived --file warren.yaml',
    '<%= config.bin %> render keepalived --out rendered',
  ];

  async run(): Promise<RenderResult> {
    const { flags } = await this.parse(RenderKeepalived);
    return this.render('keepalived', flags);
  }
}
