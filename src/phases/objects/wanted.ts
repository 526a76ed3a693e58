import type { ClusterFile } from '../../cluster-file/cluster-file.js';
import { upstreamValue } from '../../cluster-file/federation.js';
import { filled } from '../../cluster-file/filled.js';
import type { FileObjects, FileParameter, FileUser, FileVhost } from '../../cluster-file/objects.js';
import type { Replication } from '../../cluster-file/replication.js';
import { resolveSecret, type SecretSources } from '../../cluster-file/resolve-secret.js';
import type { SecretText } from '../../cluster-file/secret.js';

/** The objects of a cluster file and of its profile, with their secrets looked up. */
export interface WantedObjects extends Omit<FileObjects, 'users' | 'parameters'> {
  readonly users: readonly WantedUser[];
  readonly parameters: readonly WantedParameter[];
}

export interface WantedUser extends Omit<FileUser, 'password' | 'password_hash'> {
  readonly password?: SecretText;
  readonly passwordHash?: SecretText;
}

/** The value of some holds a password: it is made where it is compared or sent. */
export interface WantedParameter extends Omit<FileParameter, 'value'> {
  readonly value: () => unknown;
}

export async function wantedObjects(
  file: ClusterFile,
  replication: Replication,
  sources: SecretSources,
): Promise<WantedObjects> {
  const own = file.parameters.map(async ({ value, ...names }) => ({
    ...names,
    value: await filled(value, `secret of ${names.component} ${names.name}`, sources),
  }));
  return {
    vhosts: vhostsOf(file, replication),
    users: await Promise.all(file.users.map((user) => userOf(user, sources))),
    permissions: file.permissions,
    topic_permissions: file.topic_permissions,
    policies: [...replication.policies, ...file.policies],
    operator_policies: file.operator_policies,
    parameters: [...(await upstreamsOf(replication, sources)), ...(await Promise.all(own))],
    global_parameters: file.global_parameters,
    exchanges: file.exchanges,
    queues: file.queues,
    bindings: file.bindings,
  };
}

/** The keys that generated ones are kept under. */
const secretKeys = {
  user: (name: string) => `users/${name}`,
  upstream: (name: string) => `upstreams/${name}`,
};

async function userOf(user: FileUser, sources: SecretSources): Promise<WantedUser> {
  const { password, password_hash, ...rest } = user;
  const about = (what: string) => ({ key: secretKeys.user(user.name), what: `${what} of user ${user.name}` });
  if (password) return { ...rest, password: await resolveSecret(password, about('password'), sources) };
  if (!password_hash) return rest;
  return { ...rest, passwordHash: await resolveSecret(password_hash, about('password hash'), sources) };
}

/** A vhost that the file does not name may still be given a default queue type by the profile. */
function vhostsOf(file: ClusterFile, { queueType }: Replication): FileVhost[] {
  const names = new Set([...file.vhosts.map(({ name }) => name), ...(queueType?.vhosts ?? [])]);
  return [...names].map((name) => {
    const written = file.vhosts.find((vhost) => vhost.name === name);
    const type = queueType?.vhosts.includes(name) ? queueType.type : undefined;
    return {
      tags: [],
      limits: {},
      ...written,
      name,
      default_queue_type: written?.default_queue_type ?? type,
    };
  });
}

async function upstreamsOf({ upstreams }: Replication, sources: SecretSources): Promise<WantedParameter[]> {
  return Promise.all(
    upstreams.map(async ({ vhost, upstream }) => {
      const { name } = upstream;
      const about = { key: secretKeys.upstream(name), what: `password of upstream ${name}` };
      const password = await resolveSecret(upstream.password, about, sources);
      const value = () => upstreamValue(upstream, password);
      return { component: 'federation-upstream', name, vhost, value };
    }),
  );
}
