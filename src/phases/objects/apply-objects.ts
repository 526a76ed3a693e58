import type { ManagementApi } from '../../drivers/management-api/client.js';
import type { Door } from '../phase.js';
import type { ObjectChange } from './change.js';
import type { DefinedVhost, Definitions, Found } from './definitions.js';
import { settingChanges } from './setting-changes.js';
import { topologyChanges } from './topology-changes.js';
import { userChanges } from './user-changes.js';
import { vhostChanges } from './vhost-changes.js';
import type { WantedObjects } from './wanted.js';

/** What the broker holds, in two requests. */
export async function findObjects(api: ManagementApi): Promise<Found> {
  const [definitions, vhosts] = await Promise.all([
    api.get<Definitions>('/definitions'),
    api.get<DefinedVhost[]>('/vhosts?columns=name,description,tags,default_queue_type'),
  ]);
  return { definitions, vhosts };
}

/**
 * What has to be changed for the broker to hold what is wanted, in the order in
 * which one thing needs another. What it holds besides is left alone.
 */
export function objectChanges(wanted: WantedObjects, found: Found): ObjectChange[] {
  return [
    ...vhostChanges(wanted.vhosts, found),
    ...userChanges(wanted.users, found),
    ...settingChanges(wanted, found),
    ...topologyChanges(wanted, found),
  ];
}

export async function applyChanges(
  api: ManagementApi,
  changes: readonly ObjectChange[],
  door: Door,
): Promise<void> {
  for (const { sentence, method, path, body } of changes) {
    await door.change(sentence, () => api.send(method, path, body()));
  }
}
