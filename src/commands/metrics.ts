import * as Flags from '@oclif/core/flags';
import { type MetricsResult, metrics } from '../operations/metrics.js';
import { WatchCommand, watchFlags } from './base/watch-command.js';

export default class Metrics extends WatchCommand {
  static override summary = 'Print figures of the cluster for Prometheus or Zabbix';
  static override description =
    `Prometheus' text, for a textfile collector; with --zabbix a line for zabbix_sender -i -;
with --json the document that the template of warren render zabbix takes apart.`;

  static override examples = [
    '<%= config.bin %> metrics',
    '<%= config.bin %> metrics --zabbix --host rabbitmq',
    '<%= config.bin %> metrics --json',
  ];

  static override flags = {
    ...watchFlags,
    zabbix: Flags.boolean({ description: 'a line for zabbix_sender' }),
    host: Flags.string({
      description: "the host's name in Zabbix (default: this machine's)",
      dependsOn: ['zabbix'],
    }),
  };

  async run(): Promise<MetricsResult['document']> {
    const { flags } = await this.parse(Metrics);
    const result = await metrics({ ...(await this.target(flags)), host: flags.host }, this.surroundings);
    if (!this.jsonEnabled()) process.stdout.write(flags.zabbix ? result.zabbix : result.prometheus);
    return result.document;
  }
}
