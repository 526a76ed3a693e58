import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { SegmentStore } from '../../src/broker/storage/segment-store.js';
import { quietLogger, wallClock } from '../broker/storage/surroundings.js';
import { MemoryMessageStore } from './memory-message-store.js';
import { messageStoreContract } from './message-store.js';

const folder = mkdtempSync(join(tmpdir(), 'warren-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

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
    const directory = mkdtempSync(join(folder, 'store-'));
    return {
      async open() {
        const store = new SegmentStore({ directory, clock: wallClock, logger: quietLogger, segmentSize });
        await store.open();
        return store;
      },
    };
  });
}
