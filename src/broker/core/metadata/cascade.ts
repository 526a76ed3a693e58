/**
 * What goes along when a queue, an exchange or a binding goes: its bindings, and auto-delete exchanges that
 * lost their last binding, and theirs in turn. An auto-delete exchange is deleted when the last binding that
 * leaves it goes, never before it had one (it cannot lose what it never had).
 */
import type { Draft } from './draft.js';
import { type BindingRow, keys, type QueueRow } from './rows.js';

export function removeQueue(draft: Draft, row: QueueRow): void {
  draft.remove('queues', keys.queue(row.vhost, row.name));
  for (const binding of draft.bindingsTo(row.vhost, 'queue', row.name)) removeBinding(draft, binding);
}

export function removeExchange(draft: Draft, vhost: string, name: string): void {
  draft.remove('exchanges', keys.exchange(vhost, name));
  for (const binding of draft.bindingsFrom(vhost, name)) draft.remove('bindings', keys.binding(binding));
  for (const binding of draft.bindingsTo(vhost, 'exchange', name)) removeBinding(draft, binding);
}

export function removeBinding(draft: Draft, binding: BindingRow): void {
  draft.remove('bindings', keys.binding(binding));
  const source = draft.get('exchanges', keys.exchange(binding.vhost, binding.source));
  if (source?.autoDelete && !draft.hasBindingsFrom(binding.vhost, binding.source)) {
    removeExchange(draft, binding.vhost, binding.source);
  }
}

/** Everything inside a vhost, and the vhost. */
export function removeVhost(draft: Draft, vhost: string): void {
  for (const table of ['exchanges', 'queues', 'bindings'] as const) removeAll(draft, table, vhost);
  for (const table of ['permissions', 'topicPermissions'] as const) removeAll(draft, table, vhost);
  for (const table of ['policies', 'operatorPolicies', 'parameters'] as const) removeAll(draft, table, vhost);
  draft.remove('vhosts', keys.vhost(vhost));
}

type VhostTable =
  | 'exchanges'
  | 'queues'
  | 'bindings'
  | 'permissions'
  | 'topicPermissions'
  | 'policies'
  | 'operatorPolicies'
  | 'parameters';

function removeAll(draft: Draft, table: VhostTable, vhost: string): void {
  for (const [key, row] of draft.tables.rows[table]) if (row.vhost === vhost) draft.remove(table, key);
}
