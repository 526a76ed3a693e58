import { join } from 'node:path';
import { ManagementApi } from '../drivers/management-api/client.js';
import { findCluster, findNode } from './find-cluster.js';
import type { Surroundings } from './surroundings.js';

/** What a node holds that joining another cluster would delete. */
export interface Holdings {
  /** `2 queues`, `vhost orders`, `user app`; empty for a node as it is when new. */
  readonly words: readonly string[];
  exportDefinitions(): Promise<string>;
}

interface Definitions {
  readonly queues?: readonly { readonly name: string }[];
  readonly users?: readonly { readonly name: string }[];
  readonly vhosts?: readonly { readonly name: string }[];
  readonly policies?: readonly { readonly name: string }[];
}

export async function holdingsOf(
  options: { readonly cluster?: string | undefined; readonly node: string },
  surroundings: Surroundings,
): Promise<Holdings> {
  const cluster = await findCluster(surroundings.state, options.cluster);
  const node = findNode(cluster, options.node);
  const api = ManagementApi.ofPort(node.managementPort);
  try {
    const definitions = await api.get<Definitions>('/definitions');
    return {
      words: wordsOf(definitions),
      async exportDefinitions() {
        const stamp = surroundings.now().toISOString().replace(/[:.]/g, '-');
        const file = join(cluster.folders.root, `definitions-${node.name.replace(/@.*$/, '')}-${stamp}.json`);
        const text = `${JSON.stringify(definitions, null, 2)}\n`;
        await surroundings.transport.writeFile(file, text, { mode: 0o600 });
        return file;
      },
    };
  } finally {
    api.close();
  }
}

function wordsOf(definitions: Definitions): string[] {
  const queues = definitions.queues?.length ?? 0;
  const vhosts = (definitions.vhosts ?? []).filter(({ name }) => name !== '/');
  const users = (definitions.users ?? []).filter(({ name }) => name !== 'guest');
  return [
    ...(queues > 0 ? [`${queues} ${queues === 1 ? 'queue' : 'queues'}`] : []),
    ...vhosts.map(({ name }) => `vhost ${name}`),
    ...users.map(({ name }) => `user ${name}`),
    ...(definitions.policies ?? []).map(({ name }) => `policy ${name}`),
  ];
}
