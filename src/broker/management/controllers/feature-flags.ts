/** Feature flags: all of the compatible version, always enabled. */
import type { Api } from '../api.js';
import { featureFlags } from '../formats/feature-flags.js';
import { list } from '../http/listing.js';
import { badRequest } from '../http/refusal.js';
import type { Resource } from '../http/resource.js';

export function featureFlagResources({ access }: Api): Resource[] {
  return [
    {
      path: '/api/feature-flags',
      access: access.administrator,
      get: (call) => list(call, featureFlags, ['name']),
    },
    {
      path: '/api/feature-flags/:name/enable',
      access: access.administrator,
      jsonOnly: true,
      put: (call) => {
        if (featureFlags.some((flag) => flag.name === call.param('name'))) return false;
        throw badRequest('unsupported');
      },
    },
  ];
}
