import type { ClusterFile } from '../cluster-file/cluster-file.js';
import type { FileUser } from '../cluster-file/objects.js';
import { newSecret, resolveSecret, type SecretSources } from '../cluster-file/resolve-secret.js';
import { SecretText } from '../cluster-file/secret.js';
import { generatedSecret } from '../drivers/local-state/generated-secrets.js';
import { ManagementApi, segment } from '../drivers/management-api/client.js';
import type { LocalContext } from './local-context.js';
import type { Door, Phase } from './phase.js';

/** Puts the vhosts, users, permissions and policies of the cluster file; each PUT may be repeated. */
export function applyDefinitions(file: ClusterFile | undefined): Phase<LocalContext> {
  return {
    title: 'Apply vhosts, users and policies',
    shouldRun: () => Boolean(file && (file.vhosts.length || file.users.length || file.policies.length)),
    async run(context, door) {
      if (!file) return;
      const api = ManagementApi.ofPort(context.nodes[0]!.managementPort);
      try {
        for (const { name } of file.vhosts) {
          await door.change(`make vhost ${name}`, () => api.put(`/vhosts/${segment(name)}`, {}));
        }
        for (const user of file.users) await putUser(api, user, sources(context), door);
        for (const { user, vhost, ...permission } of file.permissions) {
          await door.change(`set permissions of ${user} in vhost ${vhost}`, () =>
            api.put(`/permissions/${segment(vhost)}/${segment(user)}`, permission),
          );
        }
        for (const { name, vhost, ...body } of file.policies) {
          await door.change(`set policy ${name} in vhost ${vhost}`, () =>
            api.put(`/policies/${segment(vhost)}/${segment(name)}`, body),
          );
        }
      } finally {
        api.close();
      }
    },
  };
}

async function putUser(
  api: ManagementApi,
  user: FileUser,
  secrets: SecretSources,
  door: Door,
): Promise<void> {
  await door.change(`set user ${user.name}`, async () => {
    const about = { key: `users/${user.name}`, what: `password of user ${user.name}` };
    const password = user.password && (await resolveSecret(user.password, about, secrets)).reveal();
    await api.put(`/users/${segment(user.name)}`, { password, tags: user.tags.join(',') });
  });
}

function sources({ surroundings, folders }: LocalContext): SecretSources {
  return {
    env: surroundings.env,
    generated: async (key) =>
      new SecretText(
        await generatedSecret(surroundings.transport, folders.secrets, key, () => newSecret().reveal()),
      ),
  };
}
