import { type Ha, parseHa } from '../cluster-file/ha.js';
import { ManagementApi, segment } from '../drivers/management-api/client.js';
import type { PolicyBody } from '../drivers/management-api/types.js';
import type { LocalContext } from './local-context.js';
import type { Phase } from './phase.js';

/**
 * The policy that mirrors every queue but the broker's own (amq.*). A new
 * mirror is synchronised by itself, and only a synchronised one may take the
 * place of a leader that failed: otherwise a crash would empty the queue.
 */
export const setHaPolicy: Phase<LocalContext> = {
  title: 'Mirror the queues',
  shouldRun: ({ cluster }) => parseHa(cluster.ha).mode !== 'none',
  async run({ cluster, nodes }, door) {
    const ha = parseHa(cluster.ha);
    const { name, body } = haPolicy(ha);
    await door.change(`set policy ${name} in vhost /`, async () => {
      const api = ManagementApi.ofPort(nodes[0]!.managementPort);
      try {
        await api.put(`/policies/${segment('/')}/${name}`, body);
      } finally {
        api.close();
      }
    });
  },
};

export function haPolicy(ha: Ha): { name: string; body: PolicyBody } {
  return {
    name: `ha-${ha.mode}`,
    body: {
      pattern: '^(?!amq\\.)',
      'apply-to': 'queues',
      priority: 0,
      definition: {
        'ha-mode': ha.mode,
        ...(ha.mode === 'exactly' ? { 'ha-params': ha.count } : {}),
        'ha-sync-mode': 'automatic',
        'ha-promote-on-failure': 'when-synced',
      },
    },
  };
}
