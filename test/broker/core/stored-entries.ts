import type { QueueEntry } from '../../../src/broker/core/message.js';
import type { StoredEntries } from '../../../src/broker/core/ports.js';

/** What a store that keeps whole entries says it has; `paged` ones do not outlive a restart. */
export function storedEntries(
  entries: Iterable<QueueEntry>,
  paged: (entry: QueueEntry) => boolean = () => false,
): StoredEntries {
  const sorted = [...entries].sort((a, b) => a.position - b.position);
  const persistent = sorted.filter((entry) => !paged(entry));
  return {
    positions: Float64Array.from(sorted, ({ position }) => position),
    bodyLengths: Uint32Array.from(sorted, ({ message }) => message.body.length),
    persistent: persistent.length,
    persistentBytes: persistent.reduce((sum, { message }) => sum + message.body.length, 0),
    expires: sorted.some(({ expiresAt }) => expiresAt !== Number.POSITIVE_INFINITY),
  };
}
