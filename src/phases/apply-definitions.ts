import type { ClusterFile, FileUser } from '../cluster-file/cluster-file.js';
import { ManagementApi, segment } from '../drivers/management-api/client.js';
import type { LocalContext } from './local-context.js';
import type { Door, Phase } from './phase.js';

/** Puts the vhosts, users, permissions and policies of the cluster file; each PUT may be repeated. */
export function applyDefinitions(file: ClusterFile | undefined): Phase<LocalContext> {
  return {
    title: 'Apply vhosts, users and policies',
    shouldRun: () => Boolean(file?.vhosts?.length || file?.users?.length || file?.policies?.length),
    async run({ nodes }, door) {
      const api = ManagementApi.ofPort(nodes[0]!.managementPort);
      try {
        for (const vhost of file?.vhosts ?? []) {
          await door.change(`make vhost ${vhost}`, () => api.put(`/vhosts/${segment(vhost)}`, {}));
        }
        for (const user of file?.users ?? []) await putUser(api, user, door);
        for (const { name, vhost, ...body } of file?.policies ?? []) {
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

async function putUser(api: ManagementApi, user: FileUser, door: Door): Promise<void> {
  await door.change(`set user ${user.name}`, () =>
    api.put(`/users/${segment(user.name)}`, { password: user.password, tags: user.tags.join(',') }),
  );
  for (const { vhost, ...permission } of user.permissions) {
    await door.change(`set permissions of ${user.name} in vhost ${vhost}`, () =>
      api.put(`/permissions/${segment(vhost)}/${segment(user.name)}`, permission),
    );
  }
}
