import * as Flags from '@oclif/core/flags';
import { type DashboardResult, dashboard } from '../operations/dashboard.js';
import { WatchCommand, watchFlags } from './base/watch-command.js';

export default class Dashboard extends WatchCommand {
  static override summary = 'Serve a page that shows and steers a cluster, until Ctrl-C';
  static override description =
    `Nodes, queues, connections, exchanges, policies, users, tracing, alerts and topology of any cluster
with a management API. It listens on this machine alone, at an address with a random word in it: whoever
has the address acts on the cluster with the login given here, which the browser never sees.`;

  static override examples = [
    '<%= config.bin %> dashboard',
    '<%= config.bin %> dashboard --cluster warren.yaml --open',
    '<%= config.bin %> dashboard --url http://admin:secret@mq1:15672 --port 8080',
  ];

  static override flags = {
    ...watchFlags,
    port: Flags.integer({
      description: 'the port to listen on (default: any that is free)',
      default: 0,
      min: 0,
      max: 65_535,
    }),
    open: Flags.boolean({ description: 'open the address in the browser of this desktop' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Dashboard);
    const ready = (result: DashboardResult) => {
      if (this.jsonEnabled()) this.logJson(result);
      else this.log(`${result.cluster}: ${result.url}`);
      this.note('Ctrl-C ends it.');
      if (flags.open) void this.#open(result.url);
    };
    await dashboard({ ...(await this.target(flags)), port: flags.port, ready }, this.surroundings);
  }

  /** The one document is printed when the page is there, and nothing at the end. */
  override logJson(json: unknown): void {
    if (json !== undefined) super.logJson(json);
  }

  async #open(url: string): Promise<void> {
    const { openInBrowser } = await import('../operations/dashboard/browser.js');
    if (!(await openInBrowser(url))) this.note('No browser could be opened: copy the address.');
  }
}
