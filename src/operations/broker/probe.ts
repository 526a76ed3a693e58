import { atLeast } from '../../cluster-file/version.js';
import type { ManagementApi } from '../../drivers/management-api/client.js';
import type { ApiOverview } from '../../drivers/management-api/types.js';

interface NodePlugins {
  readonly name: string;
  readonly running: boolean;
  readonly enabled_plugins?: readonly string[];
  /** What runs on it, plugins as well. */
  readonly applications?: readonly { readonly name: string; readonly version: string }[];
}

/**
 * What the broker at hand is and has, asked once and only when a command wants
 * to know: its version decides between routes.
 */
export class Probe {
  readonly #api: ManagementApi;
  #overview: Promise<ApiOverview> | undefined;
  #nodes: Promise<readonly NodePlugins[]> | undefined;

  constructor(api: ManagementApi) {
    this.#api = api;
  }

  overview(): Promise<ApiOverview> {
    this.#overview ??= this.#api.get<ApiOverview>(
      '/overview?columns=cluster_name,node,rabbitmq_version,product_name,product_version',
    );
    return this.#overview;
  }

  async version(): Promise<string> {
    return (await this.overview()).rabbitmq_version;
  }

  async atLeast(version: string): Promise<boolean> {
    return atLeast(await this.version(), version);
  }

  /** Every node with what is enabled on it. */
  nodes(): Promise<readonly NodePlugins[]> {
    this.#nodes ??= this.#api.get<readonly NodePlugins[]>(
      '/nodes?columns=name,running,enabled_plugins,applications',
    );
    return this.#nodes;
  }
}
