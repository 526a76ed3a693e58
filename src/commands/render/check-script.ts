import type { RenderResult } from '../../operations/render.js';
import { RenderCommand } from '../base/render-command.js';

export default class RenderCheckScript extends RenderCommand {
  static override summary = 'Show the script by which Keepalived checks HAProxy';
  static override examples = ['<%= config.bin %> render check-script --host server4'];

  async run(): Promise<RenderResult> {
    const { flags } = await this.parse(RenderCheckScript);
    return this.render('check-script', flags);
  }
}
