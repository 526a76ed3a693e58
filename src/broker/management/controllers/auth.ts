/** How to log in, who tried, and what belongs to the API itself. */
import type { Api } from '../api.js';
import { list } from '../http/listing.js';
import { notFound } from '../http/refusal.js';
import type { Resource } from '../http/resource.js';

export function authResources(api: Api): Resource[] {
  const { management, monitor, administrator } = api.access;
  const running = (node: string) => node === '' || api.nodes.running().includes(node);
  return [
    {
      path: '/api/auth',
      access: null,
      get: () => ({ enable_uaa: false, uaa_client_id: '', uaa_location: '' }),
    },
    {
      path: '/api/auth/attempts/:node',
      access: monitor,
      exists: (call) => running(call.param('node')),
      get: () => [],
    },
    {
      path: '/api/auth/attempts/:node/source',
      access: monitor,
      exists: (call) => running(call.param('node')),
      get: () => [],
    },
    {
      path: '/api/extensions',
      access: management,
      get: (call) => list(call, [{ javascript: 'dispatcher.js' }]),
    },
    ...['/api/reset', '/api/reset/:node'].map(
      (path): Resource => ({
        path,
        access: administrator,
        delete: (call) => {
          if (!running(call.param('node'))) throw notFound();
        },
      }),
    ),
  ];
}
