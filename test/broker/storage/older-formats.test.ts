import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileMetadataLog } from '../../../src/broker/storage/metadata-log.js';
import { SegmentStore } from '../../../src/broker/storage/segment-store.js';
import { contents, entry } from '../../contracts/message-store.js';
import { listeningLogger, wallClock } from './surroundings.js';

/**
 * Data directories as earlier versions left them. `format-1` was written before queues paged to disk: 70 orders
 * of which three quarters of the first 40 were removed and number 44 was delivered, a queue that was purged and
 * got one message more, one that was dropped, and a message that was only paged out.
 */
const fixture = join(import.meta.dirname, 'fixtures/format-1');

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'warren-older-'));
  cpSync(fixture, directory, { recursive: true });
});
afterEach(() => rmSync(directory, { recursive: true }));

const orders = Array.from({ length: 70 }, (_, i) => i + 1).filter((i) => i > 40 || i % 4 === 0);

function open(logger = listeningLogger()) {
  const store = new SegmentStore({ directory: join(directory, 'messages'), clock: wallClock, logger });
  return { store, logger };
}

describe('data of format 1', () => {
  it('opens: every message that was there, none that was not', async () => {
    const { store, logger } = open();
    expect(await store.open()).toEqual({ cleanShutdown: true });
    expect(store.queues().sort()).toEqual(['orders', 'purged']);
    const found = await contents(store, 'orders');
    expect(found.map(({ position }) => position)).toEqual(orders);
    expect(found.map(({ message }) => message.body.toString())).toEqual(orders.map((i) => `order ${i}`));
    expect(found.filter(({ redelivered }) => redelivered).map(({ position }) => position)).toEqual([44]);
    expect(store.queue('orders').stored()).toMatchObject({ persistent: orders.length, expires: true });
    expect((await contents(store, 'purged')).map(({ message }) => message.body.toString())).toEqual(['new']);
    expect(logger.lines).toEqual([]);
    await store.close();
  });

  it('is worked on, and opens again', async () => {
    const first = open().store;
    await first.open();
    for (const position of orders.slice(0, 30)) first.queue('orders').remove(position);
    first.queue('orders').append(entry(71), null, 0);
    await first.close();
    const { store } = open();
    await store.open();
    const left = [...store.queue('orders').stored().positions];
    expect(left).toEqual([...orders.slice(30), 71]);
    await store.close();
  });

  it('keeps its metadata', async () => {
    const logger = listeningLogger();
    const log = new FileMetadataLog({ directory: join(directory, 'metadata'), logger });
    const known = await log.load();
    expect(known?.sequence).toBe(2);
    expect(known?.changes.map(({ table, key }) => `${table} ${key}`)).toEqual([
      'vhosts /',
      'exchanges /\0logs',
    ]);
    expect(logger.lines).toEqual([]);
    await log.close();
  });
});
