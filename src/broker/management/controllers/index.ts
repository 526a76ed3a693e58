/** Every resource, in the order in which paths are tried: names that are words of the API before `:parameters`. */
import type { Api } from '../api.js';
import type { Resource } from '../http/resource.js';
import { authResources } from './auth.js';
import { bindingResources } from './bindings.js';
import { connectionResources } from './connections.js';
import { definitionResources } from './definitions.js';
import { exchangeResources } from './exchanges.js';
import { featureFlagResources } from './feature-flags.js';
import { healthCheckResources } from './health-checks.js';
import { limitResources } from './limits.js';
import { livenessResources } from './liveness.js';
import { nodeResources } from './nodes.js';
import { overviewResources } from './overview.js';
import { parameterResources } from './parameters.js';
import { permissionResources, topicPermissionResources } from './permissions.js';
import { policyResources } from './policies.js';
import { publishResources } from './publish.js';
import { queueContentsResources } from './queue-contents.js';
import { queueResources } from './queues.js';
import { traceFileResources, traceResources } from './traces.js';
import { userResources } from './users.js';
import { vhostResources } from './vhosts.js';

export function resources(api: Api): Resource[] {
  return [
    overviewResources,
    nodeResources,
    authResources,
    userResources,
    permissionResources,
    topicPermissionResources,
    vhostResources,
    policyResources,
    parameterResources,
    limitResources,
    connectionResources,
    exchangeResources,
    publishResources,
    queueResources,
    queueContentsResources,
    bindingResources,
    definitionResources,
    healthCheckResources,
    livenessResources,
    featureFlagResources,
    traceResources,
    traceFileResources,
  ].flatMap((of) => of(api));
}
