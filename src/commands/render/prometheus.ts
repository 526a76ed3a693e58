import { type RenderedForWatchers, renderPrometheus } from '../../operations/render-watch.js';
import { WarrenCommand } from '../base/command.js';
import { rulesFlag } from '../base/watch-command.js';

export default class RenderPrometheus extends WarrenCommand {
  static override summary = 'Show the alerting rules for Prometheus that a rules file makes';
  static override description =
    'They are about the figures that warren metrics prints; whom to tell is up to Alertmanager.';

  static override examples = [
    '<%= config.bin %> render prometheus > warren-rules.yml',
    '<%= config.bin %> render prometheus --rules alerts.yaml',
  ];

  static override flags = { rules: rulesFlag };

  async run(): Promise<RenderedForWatchers> {
    const { flags } = await this.parse(RenderPrometheus);
    const rendered = await renderPrometheus(flags.rules);
    this.log(rendered.text.trimEnd());
    return rendered;
  }
}
