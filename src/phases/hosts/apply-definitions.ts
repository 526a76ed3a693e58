import { replicationOf } from '../../cluster-file/replication.js';
import type { ManagementApi } from '../../drivers/management-api/client.js';
import { runTool } from '../../drivers/rabbitmqctl/on-host.js';
import { WarrenError } from '../../errors/warren-error.js';
import { objectChanges } from '../objects/apply-objects.js';
import { type Found, nothingFound } from '../objects/definitions.js';
import { type WantedObjects, wantedObjects } from '../objects/wanted.js';
import type { Door, Phase } from '../phase.js';
import { apiOf } from './api.js';
import { type Broker, brokersOf, type HostsContext, transportOf, versionOf } from './context.js';
import { clusterPhase } from './each-host.js';
import { administratorOf } from './logins.js';
import { strangersIn } from './membership.js';
import { observeCluster } from './observe-cluster.js';
import { secretKey } from './secrets.js';

const title = 'Apply vhosts, users, permissions, policies and the rest';

/**
 * Makes the broker hold what the cluster file says; what it holds besides
 * stays, but for the user guest, whose password everybody knows: it goes once
 * the file has an administrator of its own. On a cluster that somebody uses
 * already, that is asked about first. The API of one member is told, by a
 * login that it takes; where it takes none, root's own tool makes the
 * administrator of the file first.
 */
export const applyDefinitions: Phase<HostsContext> = clusterPhase({
  title,
  async run(context, door) {
    const found = context.view.found ?? nothingFound;
    const changes = objectChanges(await wantedOf(context), found);
    const brokers = brokersOf(context);
    const member = brokers.find(({ name }) => context.view.nodes.has(name)) ?? brokers[0]!;
    const there = door.on(member.name);
    const guestGoes = removesGuest(context, found);
    if (changes.length > 0 && !door.shut) await ensureLogin(context, member, there);
    const api = context.view.login && apiOf(context, member, context.view.login);
    for (const { sentence, method, path, body } of changes) {
      context.signal.throwIfAborted();
      await there.change(sentence, () => api!.send(method, path, body()));
    }
    if (guestGoes) await deleteGuest(context, there, member);
    if ((changes.length > 0 || guestGoes) && !door.shut) context.view = await observeCluster(context, title);
  },
});

/** The file's objects, what its profile comes to, and the user by whom HAProxy asks for the nodes' health. */
async function wantedOf(context: HostsContext): Promise<WantedObjects> {
  const { file, secrets } = context;
  const version = versionOf(context);
  const replication = version === undefined ? unknownVersion : replicationOf(file, version);
  const wanted = await wantedObjects(file, replication, secrets.sources);
  const haproxy = file.front_end?.haproxy;
  if (!haproxy || wanted.users.some(({ name }) => name === haproxy.check_user)) return wanted;
  const password = await secrets.of(haproxy.check_password, secretKey.check, `user ${haproxy.check_user}`);
  const checkUser = { name: haproxy.check_user, tags: ['management'], limits: {}, password };
  return { ...wanted, users: [...wanted.users, checkUser] };
}

/** A plan for hosts on which nothing is installed, of a file that names no version. */
const unknownVersion = { policies: [], upstreams: [], notes: [] };

async function ensureLogin(context: HostsContext, member: Broker, door: Door): Promise<void> {
  if (context.view.login) return;
  const login = await administratorOf(context);
  if (!login) return;
  const ctl = (args: readonly string[], input?: string) =>
    runTool(transportOf(context, member), 'rabbitmqctl', args, {
      signal: context.signal,
      ...(input === undefined ? {} : { input }),
    });
  await door.change(`make ${login.user} the administrator`, async () => {
    const users = await ctl(['list_users', '--silent']);
    const there = users.split('\n').some((line) => line.split('\t')[0] === login.user);
    await ctl([there ? 'change_password' : 'add_user', login.user], `${login.password}\n`);
    await ctl(['set_user_tags', login.user, 'administrator']);
  });
  context.view = { ...context.view, login };
}

function removesGuest({ file }: HostsContext, { definitions }: Found): boolean {
  const administrators = file.users.filter(({ tags }) => tags.includes('administrator'));
  const kept = file.users.some(({ name }) => name === 'guest');
  const there =
    definitions === nothingFound.definitions || definitions.users.some(({ name }) => name === 'guest');
  return !kept && administrators.length > 0 && there;
}

async function deleteGuest(context: HostsContext, door: Door, broker: Broker): Promise<void> {
  const used = await usesOf(context, broker);
  const asks = `deletes user guest, whose password everybody knows: whoever logs in as guest is turned away: ${used}`;
  await door.change(
    'delete user guest',
    () => removeGuest(context, broker),
    used === undefined ? undefined : { asks },
  );
}

/** By the administrator of the file, who is there by now: the tool takes a second to boot. */
async function removeGuest(context: HostsContext, broker: Broker): Promise<void> {
  const login = context.view.login && (await administratorOf(context));
  if (login) return apiOf(context, broker, login).delete('/users/guest');
  const args = ['delete_user', 'guest'];
  await runTool(transportOf(context, broker), 'rabbitmqctl', args, { signal: context.signal });
}

/** Signs that somebody uses the cluster, perhaps as guest; nothing for a cluster that is new. */
async function usesOf(context: HostsContext, broker: Broker): Promise<string | undefined> {
  const { found, login } = context.view;
  if (!found) return undefined;
  const holds = strangersIn(context, found.definitions);
  const connections = login ? await connectionsOfGuest(apiOf(context, broker, login)) : 0;
  if (connections === 0 && holds.length === 0) return undefined;
  const open = `${connections === 0 ? 'no' : connections} connection${connections === 1 ? '' : 's'} of guest now`;
  return holds.length === 0 ? open : `${open}; the cluster has ${holds.join(', ')} besides`;
}

async function connectionsOfGuest(api: ManagementApi): Promise<number> {
  try {
    const all = await api.get<{ user?: string }[]>('/connections?columns=user');
    return all.filter(({ user }) => user === 'guest').length;
  } catch (error) {
    if (error instanceof WarrenError) return 0;
    throw error;
  } finally {
    api.close();
  }
}
