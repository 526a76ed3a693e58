import type { RenderResult } from '../../operations/render.js';
import { RenderCommand } from '../base/render-command.js';

export default class RenderHosts extends RenderCommand {
  static override summary = 'Show the lines of /etc/hosts by which the hosts find each other';
  static override examples = ['<%= config.bin %> render hosts --host server1'];

  async run(): Promise<RenderResult> {
    const { flags } = await this.parse(RenderHosts);
    return this.render('hosts', flags);
  }
}
