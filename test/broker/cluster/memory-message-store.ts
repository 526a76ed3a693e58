import type { QueueEntry } from '../../../src/broker/core/message.js';
import type { MessageStore, QueueStore } from '../../../src/broker/core/ports.js';
import type { Confirms } from '../../../src/broker/core/queue-port.js';

/** Keeps persistent entries in memory; a sync takes a turn of the event loop. */
export function memoryMessageStore(): MessageStore {
  const queues = new Map<string, Map<number, QueueEntry>>();
  return {
    open: async () => ({ cleanShutdown: true }),
    queues: () => [...queues.keys()],
    close: async () => {},
    onFailure: () => {},
    onRecovery: () => {},
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
        recover: async () => [...entries().values()].sort((a, b) => a.position - b.position),
        append(entry: QueueEntry, confirms: Confirms | null, sequence: number) {
          entries().set(entry.position, entry);
          confirms?.hold(sequence);
          setImmediate(() => confirms?.release(sequence));
        },
        delivered() {},
        remove: (position) => void entries().delete(position),
        removeAll: () => entries().clear(),
        drop: () => void queues.delete(id),
        page: async () => {},
        load: async () => [],
      };
    },
  };
}
