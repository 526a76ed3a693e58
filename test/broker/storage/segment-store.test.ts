import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SegmentStore } from '../../../src/broker/storage/segment-store.js';
import { contents, entry, Holds } from '../../contracts/message-store.js';
import { FaultyFileSystem, failure } from './faulty-file-system.js';
import { listeningLogger, quietLogger, wallClock } from './surroundings.js';

const directory = '/node/messages';

async function opened(files: FaultyFileSystem, segmentSize = 16 * 1024, logger = quietLogger) {
  const store = new SegmentStore({ directory, clock: wallClock, logger, files, segmentSize });
  const { cleanShutdown } = await store.open();
  return { store, cleanShutdown };
}

async function positions(files: FaultyFileSystem, queue = 'q', logger = quietLogger): Promise<number[]> {
  const { store } = await opened(files, 16 * 1024, logger);
  const entries = await contents(store, queue);
  await store.close();
  return entries.map(({ position }) => position);
}

const segments = (files: FaultyFileSystem) => files.paths().filter((path) => path.endsWith('.log'));
const count = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('segment store', () => {
  it('tells an orderly end from a crash, once', async () => {
    const files = new FaultyFileSystem();
    const first = await opened(files);
    expect(first.cleanShutdown).toBe(true);
    const holds = new Holds();
    first.store.queue('q').append(entry(1), holds, 1);
    await first.store.close();
    const second = await opened(files);
    expect(second.cleanShutdown).toBe(true);
    const third = await opened(files.killed());
    expect(third.cleanShutdown).toBe(false);
  });

  it('syncs once for all that waits', async () => {
    const files = new FaultyFileSystem();
    const { store } = await opened(files, 1024 * 1024);
    const holds = new Holds();
    const before = files.syncs;
    for (let i = 1; i <= 200; i++) store.queue(`q${i % 7}`).append(entry(i), holds, i);
    await holds.settled();
    expect(files.syncs - before).toBe(1);
    await store.close();
  });

  it('releases a confirm only when a power cut can no longer take the message', async () => {
    const files = new FaultyFileSystem();
    const { store } = await opened(files);
    const lost: number[] = [];
    const checks: Promise<void>[] = [];
    const check = async (sequence: number) => {
      const found = await positions(copyOf(files));
      if (!found.includes(sequence)) lost.push(sequence);
    };
    const copyOf = (from: FaultyFileSystem) => {
      const copy = from.powerCut(() => 0);
      Object.setPrototypeOf(copy, FaultyFileSystem.prototype);
      return copy;
    };
    const confirmed: number[] = [];
    const confirms = { hold() {}, refuse() {}, release: (sequence: number) => confirmed.push(sequence) };
    for (let i = 1; i <= 20; i++) store.queue('q').append(entry(i), confirms, i);
    await until(() => confirmed.length === 20);
    checks.push(check(1), check(20));
    await Promise.all(checks);
    expect(lost).toEqual([]);
  });

  it('never writes what is consumed before the batch goes', async () => {
    const files = new FaultyFileSystem();
    const { store } = await opened(files);
    const before = files.bytesWritten;
    for (let i = 1; i <= 100; i++) {
      store.queue('q').append(entry(i), null, 0);
      store.queue('q').remove(i);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(files.bytesWritten).toBe(before);
    await store.close();
  });

  it('a segment that a power cut brings back does not bring back its messages', async () => {
    const files = new FaultyFileSystem();
    const { store } = await opened(files, 2048);
    const queue = store.queue('q');
    // Each round fills a segment and removes what the one before holds, before compaction looks at any of them.
    for (let round = 0; round < 3; round++) {
      const holds = new Holds();
      for (const i of count(1, 10)) {
        queue.remove((round - 1) * 10 + i);
        queue.append(entry(round * 10 + i, 'x'.repeat(250)), holds, round * 10 + i);
      }
      await holds.settled();
    }
    await until(() => segments(files).length === 1);
    await store.close();
    for (let seed = 0; seed < 64; seed++) {
      let draw = seed;
      const left = await positions(
        files.powerCut(() => {
          draw = (draw * 5 + 3) % 64;
          return draw / 64;
        }),
      );
      expect(left).toEqual(count(21, 30));
    }
  });

  for (const how of ['remove', 'removeAll'] as const) {
    it(`${how} counts for messages that stand under another number of their queue`, async () => {
      const files = new FaultyFileSystem();
      const write = async (store: SegmentStore, queue: string, position: number, body: string) => {
        const holds = new Holds();
        store.queue(queue).append(entry(position, body), holds, position);
        await holds.settled();
      };
      const first = await opened(files, 2048);
      await write(first.store, 'q', 1, 'under the first number');
      first.store.queue('q').drop();
      await write(first.store, 'filler', 1, 'x'.repeat(3000));
      await write(first.store, 'q', 2, 'under the second');
      await first.store.close();
      const second = await opened(files, 2048);
      // The segment that names the first number goes with all that it holds.
      second.store.queue('filler').remove(1);
      await until(() => segments(files).length === 1);
      second.store.queue('q')[how](2);
      await write(second.store, 'other', 1, 'on the disk, and so is what came before');
      expect(await positions(files.killed())).toEqual([]);
    });
  }

  it('a power cut while a clear is passed on takes nothing that came after the clear', async () => {
    const files = new FaultyFileSystem();
    const segmentSize = 4 * 1024 * 1024;
    const timers: (() => void)[] = [];
    const clock = {
      now: () => 0,
      after(_ms: number, callback: () => void) {
        timers.push(callback);
        return () => undefined;
      },
    };
    const store = new SegmentStore({ directory, clock, logger: quietLogger, files, segmentSize });
    await store.open();
    const write = async (queue: string, position: number, length: number) => {
      const holds = new Holds();
      store.queue(queue).append(entry(position, 'x'.repeat(length)), holds, position);
      await holds.settled();
    };
    await write('stays', 1, segmentSize);
    await write('q', 1, 10);
    store.queue('q').removeAll();
    for (const position of [2, 3, 4]) await write('q', position, 700 * 1024);
    await write('filler', 1, segmentSize);
    await write('next', 1, 10);
    store.queue('filler').remove(1);
    await write('next', 2, 10);
    // The second segment is compacted in two pieces; the power goes between them.
    let syncs = 0;
    let after: FaultyFileSystem | undefined;
    files.fault = (operation) => {
      if (operation === 'sync' && ++syncs === 2) after = files.powerCut(() => 0);
      return null;
    };
    for (const timer of timers.splice(0)) timer();
    await until(() => after !== undefined);
    expect(await positions(after as FaultyFileSystem)).toEqual([2, 3, 4]);
  });

  it('continues a write that was cut short', async () => {
    const files = new FaultyFileSystem();
    const { store } = await opened(files);
    files.fault = (operation) => (operation === 'write' ? 37 : null);
    const holds = new Holds();
    for (let i = 1; i <= 10; i++) store.queue('q').append(entry(i), holds, i);
    await holds.settled();
    files.fault = () => null;
    expect(await positions(files.powerCut(() => 0))).toEqual(count(1, 10));
  });

  for (const [code, operation] of [
    ['EIO', 'sync'],
    ['ENOSPC', 'write'],
    ['ENOSPC', 'create'],
  ] as const) {
    it(`after ${code} on ${operation}: refuses, says so, recovers, and keeps what it said before`, async () => {
      const files = new FaultyFileSystem();
      const logger = listeningLogger();
      const { store } = await opened(files, 200, logger);
      const failures: string[] = [];
      let recovered = 0;
      store.onFailure((error) => failures.push(error.message));
      store.onRecovery(() => recovered++);
      const queue = store.queue('q');
      const before = new Holds();
      for (let i = 1; i <= 3; i++) queue.append(entry(i), before, i);
      await before.settled();
      files.fault = (each) => (each === operation ? failure(code) : null);
      const during = new Holds();
      for (let i = 4; i <= 6; i++) queue.append(entry(i), during, i);
      queue.remove(2);
      await during.settled();
      expect(during.refused).toEqual([4, 5, 6]);
      expect(during.released).toEqual([]);
      expect(failures[0]).toContain(code);
      expect(logger.lines.join()).toContain('Nothing is confirmed until a write succeeds');
      queue.remove(5);
      files.fault = () => null;
      await until(() => recovered === 1);
      const after = new Holds();
      queue.append(entry(7), after, 7);
      await after.settled();
      expect(after.released).toEqual([7]);
      // What was refused may be there or not; it was not removed, so here it is. What was removed must not be.
      expect(await positions(files.powerCut(() => 0))).toEqual([1, 3, 4, 6, 7]);
    });
  }

  it('comes back from a full disk when consumers empty the queues', async () => {
    const files = new FaultyFileSystem();
    const { store } = await opened(files, 2048);
    const used = () => files.paths().reduce((sum, path) => sum + files.bytes(path).length, 0);
    files.fault = (operation) => (operation === 'write' && used() > 20_000 ? failure('ENOSPC') : null);
    const queue = store.queue('q');
    let position = 0;
    const filling = new Holds();
    while (filling.refused.length === 0) {
      position++;
      queue.append(entry(position, 'x'.repeat(500)), filling, position);
      await filling.settled();
    }
    let recovered = false;
    store.onRecovery(() => {
      recovered = true;
    });
    for (let i = 1; i <= position; i++) queue.remove(i);
    await until(() => recovered);
    const after = new Holds();
    queue.append(entry(position + 1), after, 1);
    await after.settled();
    expect(after.released).toEqual([1]);
    await store.close();
    expect(await positions(files)).toEqual([position + 1]);
  });

  it('gives back what is on its way to a disk that fails', async () => {
    const files = new FaultyFileSystem();
    const { store } = await opened(files);
    const queue = store.queue('q');
    for (let i = 1; i <= 50; i++) queue.append(entry(i), null, 0);
    let left = 3;
    files.fault = (operation) => (operation === 'write' && left-- > 0 ? failure('EIO') : null);
    const waiting = new Holds();
    queue.append(entry(51), waiting, 51);
    // The batch is under way now: neither here nor there.
    await new Promise((resolve) => setImmediate(resolve));
    const loaded = await queue.load(count(1, 51));
    expect(loaded.map(({ position }) => position)).toEqual(count(1, 51));
    await store.close();
  });

  it('says that what was to be paged out is not, when the disk fails, and takes it the next time', async () => {
    const files = new FaultyFileSystem();
    const { store } = await opened(files);
    const queue = store.queue('q');
    files.fault = (operation) => (operation === 'write' ? failure('ENOSPC') : null);
    await expect(queue.page([entry(1), entry(2)])).rejects.toThrow('ENOSPC');
    expect(await queue.load([1, 2])).toEqual([]);
    files.fault = () => null;
    await queue.page([entry(1), entry(2)]);
    expect(await queue.load([1, 2])).toEqual([entry(1), entry(2)]);
    await store.close();
  });

  it('asks publishers to wait while the disk is behind, until it has caught up', async () => {
    const files = new FaultyFileSystem();
    const { store } = await opened(files, 64 * 1024 * 1024);
    const edges: boolean[] = [];
    store.onPressure((pressed) => edges.push(pressed));
    const holds = new Holds();
    const body = Buffer.alloc(1024 * 1024, 1);
    for (let i = 1; i <= 15; i++) store.queue('q').append(entry(i, body), holds, i);
    expect(edges).toEqual([]);
    for (let i = 16; i <= 18; i++) store.queue('q').append(entry(i, body), holds, i);
    expect(edges).toEqual([true]);
    await holds.settled();
    await until(() => edges.length === 2);
    expect(edges).toEqual([true, false]);
    await store.close();
  });

  it('lets publishers go on when all that it was behind with was consumed before it was written', async () => {
    const files = new FaultyFileSystem();
    const { store } = await opened(files, 64 * 1024 * 1024);
    const queue = store.queue('q');
    const edges: boolean[] = [];
    store.onPressure((pressed) => edges.push(pressed));
    const body = Buffer.alloc(1024 * 1024, 1);
    const paged = queue.page(count(1, 18).map((i) => entry(i, body)));
    expect(edges).toEqual([true]);
    for (const i of count(1, 18)) queue.remove(i);
    await paged;
    await until(() => edges.length === 2);
    expect(edges).toEqual([true, false]);
    await store.close();
  });

  it('compacts while messages are only paged out, and gives them back from where they are then', async () => {
    const files = new FaultyFileSystem();
    const { store } = await opened(files, 4096);
    const queue = store.queue('q');
    for (let from = 1; from <= 400; from += 20) await queue.page(count(from, from + 19).map((i) => entry(i)));
    const before = segments(files).length;
    for (let i = 1; i <= 400; i++) if (i % 10 !== 0) queue.remove(i);
    queue.append(entry(401), null, 0);
    await until(() => segments(files).length * 3 < before);
    const left = count(1, 400).filter((i) => i % 10 === 0);
    expect(await queue.load(left)).toEqual(left.map((i) => entry(i)));
    await store.close();
    expect(await positions(files)).toEqual([401]);
  });

  it('takes nothing that a failed sync left behind for written', async () => {
    const files = new FaultyFileSystem();
    const { store } = await opened(files);
    const queue = store.queue('q');
    const holds = new Holds();
    queue.append(entry(1), holds, 1);
    await holds.settled();
    files.fault = (operation) => (operation === 'sync' ? failure('EIO') : null);
    queue.append(entry(2), holds, 2);
    await holds.settled();
    files.fault = () => null;
    queue.remove(2);
    let recovered = false;
    store.onRecovery(() => {
      recovered = true;
    });
    await until(() => recovered);
    // A kill keeps even what the failed sync left in the file.
    expect(await positions(files.killed())).toEqual([1]);
  });

  it('cuts a torn tail off and goes on behind it', async () => {
    const files = new FaultyFileSystem();
    const { store } = await opened(files);
    const holds = new Holds();
    for (let i = 1; i <= 5; i++) store.queue('q').append(entry(i), holds, i);
    await holds.settled();
    const after = files.killed();
    const path = segments(after)[0] as string;
    const file = await after.open(path);
    await file.truncate((await file.size()) - 3);
    const logger = listeningLogger();
    const again = await opened(after, 16 * 1024, logger);
    expect(logger.lines.join()).toContain('not written whole');
    again.store.queue('q').append(entry(6), null, 0);
    await again.store.close();
    expect(await positions(after)).toEqual([1, 2, 3, 4, 6]);
  });

  it('skips a flipped bit, says where, and keeps what follows', async () => {
    for (const at of [0, 5, 6, 9, 20, 60]) {
      const files = new FaultyFileSystem();
      const { store } = await opened(files);
      for (let i = 1; i <= 9; i++) store.queue('q').append(entry(i, `text ${i}`), null, 0);
      await store.close();
      const path = segments(files)[0] as string;
      const bytes = files.bytes(path);
      const body = bytes.indexOf('text 5');
      const start = bytes.lastIndexOf(Buffer.from([0x57, 0xa7]), body) - 4;
      const file = await files.open(path);
      await file.write([Buffer.from([(bytes[start + at] as number) ^ 0x10])], start + at);
      const logger = listeningLogger();
      expect(await positions(files, 'q', logger)).toEqual([1, 2, 3, 4, 6, 7, 8, 9]);
      expect(logger.lines.join()).toContain(`at ${start} of ${path} are damaged`);
    }
  });

  it('refuses data of a later format', async () => {
    const files = new FaultyFileSystem();
    await (await opened(files)).store.close();
    const file = await files.open(join(directory, 'format'));
    await file.write([Buffer.from('2\n')], 0);
    await expect(opened(files)).rejects.toThrow('has format 2, and this version of Warren reads format 1');
  });

  it('gives the space back when messages come and go, with one that stays from the beginning', async () => {
    const files = new FaultyFileSystem();
    const { store } = await opened(files, 4096);
    const stays = new Holds();
    store.queue('stays').append(entry(1), stays, 1);
    for (let round = 0; round < 40; round++) {
      const holds = new Holds();
      for (let i = 1; i <= 40; i++) store.queue('q').append(entry(round * 40 + i), holds, i);
      await holds.settled();
      for (let i = 1; i <= 40; i++) store.queue('q').remove(round * 40 + i);
    }
    await until(() => segments(files).length <= 3);
    await store.close();
    const after = files.powerCut(() => 0);
    expect(await positions(after, 'stays')).toEqual([1]);
    expect(await positions(after)).toEqual([]);
    expect(dirname(segments(files)[0] as string)).toBe(join(directory, 'segments'));
  });

  it('keeps 20,000 small messages apart from what was removed between them', async () => {
    const files = new FaultyFileSystem();
    const { store } = await opened(files, 1024 * 1024);
    const queue = store.queue('q');
    for (let from = 1; from <= 20_000; from += 500) {
      const holds = new Holds();
      for (let i = from; i < from + 500; i++) queue.append(entry(i, 'x'), holds, i);
      await holds.settled();
      for (let i = from; i < from + 500; i++) if (i % 3 !== 0) queue.remove(i);
    }
    await store.close();
    expect(await positions(files)).toEqual(count(1, 20_000).filter((i) => i % 3 === 0));
  });
});
