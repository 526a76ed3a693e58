import type { QueueEntry } from '../../../src/broker/core/message.js';
import type { MessageStore, QueueStore } from '../../../src/broker/core/ports.js';
import type { Confirms } from '../../../src/broker/core/queue-port.js';
import { storedEntries } from '../core/stored-entries.js';

/** Keeps persistent entries in memory; a sync takes a turn of the event loop. */
export function memoryMessageStore(): MessageStore {
  const queues = new Map<string, Map<number, QueueEntry>>();
  return {
    open: async () => ({ cleanShutdown: true }),
    queues: () => [...queues.keys()],
    close: async () => {},
    onFailure: () => {},
    onRecovery: () => {},
    onPressure: () => {},
    queue(id): QueueStore {
      const entries = () => {
        let found = queues.get(id);
        if (found === undefined) {
          found = new Map();
          queues.set(id, found);
        }
        return found;
      };
      return {
        stored: () => storedEntries(entries().values()),
        append(entry: QueueEntry, confirms: Confirms | null, sequence: number) {
          entries().set(entry.position, entry);
          confirms?.hold(sequence);
          setImmediate(() => confirms?.release(sequence));
        },
        delivered(position) {
          const entry = entries().get(position);
          if (entry !== undefined) entry.redelivered = true;
        },
        remove: (position) => void entries().delete(position),
        removeAll: () => entries().clear(),
        drop: () => void queues.delete(id),
        page: async (paged) => {
          for (const entry of paged) entries().set(entry.position, entry);
        },
        load: async (positions) =>
          positions.map((position) => entries().get(position)).filter((entry) => entry !== undefined),
      };
    },
  };
}
