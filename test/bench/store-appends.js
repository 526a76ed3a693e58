/**
 * Durable appends a second of the message store, on the disk of this machine: writers that each wait for the
 * confirm of their message before they write the next, so that a batch is at most as large as there are writers.
 * Needs the built product.
 *
 *   node test/bench/store-appends.js [writers] [bytes] [seconds]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SegmentStore } from '../../dist/measured/segment-store.js';

const [writers = 200, bytes = 256, seconds = 3] = process.argv.slice(2).map(Number);
const logger = { debug() {}, info() {}, warning: console.error, error: console.error };
const clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

const directory = mkdtempSync(join(tmpdir(), 'warren-bench-'));
for (const settle of ['kept', 'removed once confirmed']) {
  const rate = await measure(settle !== 'kept');
  console.log(`${writers} writers, ${bytes} B, ${settle}: ${Math.round(rate)} durable appends a second`);
}
rmSync(directory, { recursive: true });

async function measure(removing) {
  const store = new SegmentStore({ directory: join(directory, String(removing)), clock, logger });
  await store.open();
  const queue = store.queue('bench');
  const body = Buffer.alloc(bytes, 7);
  const properties = Buffer.from([0x10, 0x00, 2]);
  let position = 0;
  let confirmed = 0;
  let running = true;
  const confirms = {
    hold() {},
    refuse() {
      throw new Error('an append was refused');
    },
    release(sequence) {
      confirmed++;
      if (removing) queue.remove(sequence);
      if (running) append();
    },
  };
  const append = () => {
    position++;
    const message = {
      exchange: '',
      routingKey: 'bench',
      properties,
      body,
      persistent: true,
      priority: 0,
      expiration: -1,
    };
    queue.append(
      { position, message, expiresAt: Number.POSITIVE_INFINITY, redelivered: false },
      confirms,
      position,
    );
  };
  const start = performance.now();
  for (let i = 0; i < writers; i++) append();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const rate = (confirmed * 1000) / (performance.now() - start);
  running = false;
  await store.close();
  return rate;
}
