import type { ManagementApi } from '../../drivers/management-api/client.js';
import type { ApiNode, ApiOverview } from '../../drivers/management-api/types.js';
import { findObjects } from '../../phases/objects/apply-objects.js';
import type { Found } from '../../phases/objects/definitions.js';

/** What a running cluster says of itself, as far as a cluster file can hold it. */
export interface Gathered extends Found {
  readonly overview: ApiOverview;
  readonly nodes: readonly (ApiNode & { readonly enabled_plugins?: readonly string[] })[];
}

export async function gather(api: ManagementApi): Promise<Gathered> {
  const [overview, nodes, found] = await Promise.all([
    api.get<ApiOverview>('/overview'),
    api.get<Gathered['nodes']>('/nodes'),
    findObjects(api),
  ]);
  return { overview, nodes, ...found };
}
