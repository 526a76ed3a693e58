import type { ClusterFile } from '../cluster-file/cluster-file.js';
import { replicationOf } from '../cluster-file/replication.js';
import { newSecret, type SecretSources } from '../cluster-file/resolve-secret.js';
import { SecretText } from '../cluster-file/secret.js';
import { generatedSecret } from '../drivers/local-state/generated-secrets.js';
import { ManagementApi } from '../drivers/management-api/client.js';
import type { LocalContext } from './local-context.js';
import { applyChanges, findObjects, objectChanges } from './objects/apply-objects.js';
import { wantedObjects } from './objects/wanted.js';
import type { Phase } from './phase.js';

/** Makes the cluster hold what its file says: vhosts, users, policies, queues …; what it holds besides stays. */
export function applyDefinitions(file: ClusterFile | undefined, notes: string[]): Phase<LocalContext> {
  return {
    title: 'Apply what the cluster file declares',
    shouldRun: () => file !== undefined,
    async run(context, door) {
      if (!file) return;
      const api = ManagementApi.ofPort(context.nodes[0]!.managementPort);
      try {
        const found = await findObjects(api);
        const replication = replicationOf(file, found.definitions.rabbitmq_version ?? '0');
        const wanted = await wantedObjects(file, replication, sources(context, notes));
        notes.push(...replication.notes);
        await applyChanges(api, objectChanges(wanted, found), door);
      } finally {
        api.close();
      }
    },
  };
}

function sources({ surroundings, folders }: LocalContext, notes: string[]): SecretSources {
  const { transport, env } = surroundings;
  const make = () => newSecret().reveal();
  const note = `generated passwords are kept in ${folders.secrets}, which you alone can read`;
  return {
    env,
    generated: async (key) => {
      if (!notes.includes(note)) notes.push(note);
      return new SecretText(await generatedSecret(transport, folders.secrets, key, make));
    },
  };
}
