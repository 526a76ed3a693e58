import type { QueueEntry } from '../../../src/broker/core/message.js';
import type { MessageStore, QueueStore } from '../../../src/broker/core/ports.js';
import type { Confirms } from '../../../src/broker/core/queue-port.js';
import { storedEntries } from './stored-entries.js';

interface Held {
  entry: QueueEntry;
  confirms: Confirms | null;
  sequence: number;
  synced: boolean;
  delivered: boolean;
  paged: boolean;
}

/** A store that keeps everything in memory; `sync` plays the group commit. */
export class MemoryStore implements MessageStore {
  readonly kept = new Map<string, Map<number, Held>>();
  /** Entries that would have reached the disk. */
  written = 0;

  async open() {
    return { cleanShutdown: true };
  }

  queue(id: string): QueueStore {
    let held = this.kept.get(id);
    if (held === undefined) {
      held = new Map();
      this.kept.set(id, held);
    }
    return this.#handle(id, held);
  }

  queues(): string[] {
    return [...this.kept].filter(([, held]) => held.size > 0).map(([id]) => id);
  }

  async close() {}

  onFailure() {}
  onRecovery() {}
  onPressure() {}

  sync(): void {
    for (const held of this.kept.values()) {
      for (const each of held.values()) {
        if (each.synced) continue;
        each.synced = true;
        this.written++;
        each.confirms?.release(each.sequence);
      }
    }
  }

  #handle(id: string, held: Map<number, Held>): QueueStore {
    const remove = (position: number) => {
      const each = held.get(position);
      if (each !== undefined && !each.synced) each.confirms?.release(each.sequence);
      held.delete(position);
    };
    return {
      stored: () =>
        storedEntries(
          [...held.values()].map(({ entry }) => entry),
          ({ position }) => held.get(position)?.paged === true,
        ),
      append: (entry, confirms, sequence) => {
        confirms?.hold(sequence);
        held.set(entry.position, {
          entry,
          confirms,
          sequence,
          synced: false,
          delivered: false,
          paged: false,
        });
      },
      delivered: (position) => {
        const each = held.get(position);
        if (each !== undefined) each.delivered = true;
      },
      remove,
      removeAll: () => [...held.keys()].forEach(remove),
      drop: () => {
        [...held.keys()].forEach(remove);
        this.kept.delete(id);
      },
      page: async (entries) => {
        for (const entry of entries) {
          if (held.has(entry.position)) continue;
          held.set(entry.position, {
            entry,
            confirms: null,
            sequence: 0,
            synced: true,
            delivered: false,
            paged: true,
          });
        }
      },
      load: async (positions) =>
        positions.flatMap((position) => {
          const each = held.get(position);
          return each === undefined ? [] : [recovered(each)];
        }),
    };
  }
}

const recovered = ({ entry, delivered }: Held): QueueEntry => ({
  position: entry.position,
  message: entry.message,
  expiresAt: entry.expiresAt,
  redelivered: entry.redelivered || delivered,
});
