/**
 * Spreads the leaders of mirrored queues over the nodes: from the node that leads most to a synchronised mirror
 * on the one that leads least, until no move makes the difference smaller.
 */
import type { QueueRow } from '../../core/metadata/rows.js';
import type { Api } from '../api.js';

export async function rebalance({ admin, nodes }: Api): Promise<void> {
  const led = new Map<string, number>(nodes.running().map((node) => [node, 0]));
  const count = (node: string) => led.get(node) ?? 0;
  const rows = [...admin.tables.all('queues')].filter((row) => led.has(row.leader));
  for (const row of rows) led.set(row.leader, count(row.leader) + 1);
  for (const row of rows) {
    const to = emptiest(row, led);
    if (to === null || count(row.leader) - count(to) < 2) continue;
    await admin.submit('queue.move_leader', { vhost: row.vhost, name: row.name, to });
    led.set(row.leader, count(row.leader) - 1);
    led.set(to, count(to) + 1);
  }
}

function emptiest(row: QueueRow, led: Map<string, number>): string | null {
  const [first] = row.syncedMirrors
    .filter((node) => led.has(node))
    .sort((a, b) => (led.get(a) ?? 0) - (led.get(b) ?? 0));
  return first ?? null;
}
