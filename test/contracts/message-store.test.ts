import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SegmentStore } from '../../src/broker/storage/segment-store.js';
import { quietLogger, wallClock } from '../broker/storage/surroundings.js';
import { MemoryMessageStore } from './memory-message-store.js';
import { messageStoreContract } from './message-store.js';

messageStoreContract('in memory', async () => {
  const store = new MemoryMessageStore();
  return {
    async open() {
      await store.open();
      return store;
    },
  };
});

for (const segmentSize of [16 * 1024 * 1024, 4096]) {
  messageStoreContract(`segments of ${segmentSize} bytes on this disk`, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'warren-store-'));
    return {
      async open() {
        const store = new SegmentStore({ directory, clock: wallClock, logger: quietLogger, segmentSize });
        await store.open();
        return store;
      },
    };
  });
}
