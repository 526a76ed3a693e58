import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BindingRow, Change, ExchangeRow, QueueRow } from '../../../src/broker/core/metadata/rows.js';
import { keys } from '../../../src/broker/core/metadata/rows.js';
import { FileMetadataLog } from '../../../src/broker/storage/metadata-log.js';
import { FaultyFileSystem, failure } from './faulty-file-system.js';
import { listeningLogger, quietLogger } from './surroundings.js';

const directory = '/node/metadata';

function exchange(name: string, durable = true): Change {
  const row: ExchangeRow = {
    vhost: '/',
    name,
    type: 'topic',
    durable,
    autoDelete: false,
    internal: false,
    arguments: [],
  };
  return { table: 'exchanges', key: keys.exchange('/', name), row };
}

function queue(name: string, durable = true, exclusiveOwner: string | null = null): Change {
  const row: QueueRow = {
    vhost: '/',
    name,
    id: `id-${name}`,
    type: 'classic',
    durable,
    autoDelete: false,
    exclusiveOwner,
    arguments: [],
    leader: 'rabbit@here',
    mirrors: [],
    syncedMirrors: [],
    recoverableMirrors: [],
  };
  return { table: 'queues', key: keys.queue('/', name), row };
}

function binding(source: string, destination: string): Change {
  const row: BindingRow = {
    vhost: '/',
    source,
    destination,
    destinationKind: 'queue',
    routingKey: '#',
    arguments: [],
    propertiesKey: '%23',
  };
  return { table: 'bindings', key: keys.binding(row), row };
}

const user = (name: string): Change => ({
  table: 'users',
  key: name,
  row: { name, passwordHash: 'x', hashingAlgorithm: 'sha', tags: ['administrator'], limits: {} },
});

const gone = (change: Change): Change => ({ table: change.table, key: change.key, row: null });
const sorted = (changes: Change[]) => [...changes].sort((a, b) => (a.key < b.key ? -1 : 1));

async function opened(files: FaultyFileSystem, logger = quietLogger) {
  const log = new FileMetadataLog({ directory, logger, files, compactFrom: 1000 });
  return { log, found: await log.load() };
}

describe('metadata log', () => {
  it('is blank at first, and keeps transactions over a power cut once they resolve', async () => {
    const files = new FaultyFileSystem();
    const { log, found } = await opened(files);
    expect(found).toBeNull();
    await log.append({ sequence: 1, changes: [user('ann'), user('bob')] });
    await log.append({ sequence: 2, changes: [gone(user('bob'))] });
    for (const luck of [0, 0.99]) {
      const again = await opened(files.powerCut(() => luck));
      expect(again.found).toEqual({ sequence: 2, changes: [user('ann')] });
    }
  });

  it('keeps only what is durable', async () => {
    const files = new FaultyFileSystem();
    const { log } = await opened(files);
    const all = [
      binding('logs', 'kept'),
      binding('logs', 'passing'),
      binding('passing', 'kept'),
      binding('logs', 'mine'),
      exchange('logs'),
      exchange('passing', false),
      queue('kept'),
      queue('passing', false),
      queue('mine', true, 'connection 1'),
    ];
    await log.append({ sequence: 7, changes: all });
    await log.close();
    const { found } = await opened(files);
    expect(found?.sequence).toBe(7);
    expect(sorted(found?.changes ?? [])).toEqual(
      sorted([binding('logs', 'kept'), exchange('logs'), queue('kept')]),
    );
  });

  it('shares one sync among transactions that wait together', async () => {
    const files = new FaultyFileSystem();
    const { log } = await opened(files);
    await log.append({ sequence: 1, changes: [user('first')] });
    const before = files.syncs;
    await Promise.all(
      Array.from({ length: 50 }, (_, i) => log.append({ sequence: i + 2, changes: [user(`user ${i}`)] })),
    );
    expect(files.syncs - before).toBeLessThanOrEqual(2);
    const { found } = await opened(files.powerCut(() => 0));
    expect(found?.changes).toHaveLength(51);
  });

  it('stays small though rows change for ever', async () => {
    const files = new FaultyFileSystem();
    const { log } = await opened(files);
    for (let i = 1; i <= 500; i++)
      await log.append({ sequence: i, changes: [user('ann'), exchange(`e${i % 5}`)] });
    await log.close();
    expect(files.bytes(join(directory, 'metadata.log')).length).toBeLessThan(10_000);
    const { found } = await opened(files.powerCut(() => 0));
    expect(found?.sequence).toBe(500);
    expect(found?.changes).toHaveLength(6);
  });

  it('replaces everything at once', async () => {
    const files = new FaultyFileSystem();
    const { log } = await opened(files);
    await log.append({ sequence: 1, changes: [user('old')] });
    await log.replace(40, [user('new'), queue('passing', false)]);
    expect((await opened(files.powerCut(() => 0))).found).toEqual({ sequence: 40, changes: [user('new')] });
  });

  it('has the old or the new content when the power goes during a replacement', async () => {
    for (const step of ['create', 'write', 'sync', 'rename', 'syncDirectory'] as const) {
      const files = new FaultyFileSystem();
      const { log } = await opened(files);
      await log.append({ sequence: 1, changes: [user('old')] });
      files.fault = (operation) => (operation === step ? failure('EIO') : null);
      await expect(log.replace(2, [user('new')])).rejects.toThrow('EIO');
      for (const luck of [0, 0.45, 0.99]) {
        const { found } = await opened(files.powerCut(() => luck));
        expect(['old', 'new']).toContain(found?.changes[0]?.key);
      }
    }
  });

  it('is blank again after a wipe, and usable', async () => {
    const files = new FaultyFileSystem();
    const { log } = await opened(files);
    await log.append({ sequence: 1, changes: [user('ann')] });
    await log.wipe();
    const after = await opened(files.powerCut(() => 0));
    expect(after.found).toBeNull();
    await after.log.append({ sequence: 1, changes: [user('eve')] });
    await after.log.close();
  });

  it('rejects what a failed sync did not write, and goes on with a new file', async () => {
    const files = new FaultyFileSystem();
    const { log } = await opened(files);
    await log.append({ sequence: 1, changes: [user('ann')] });
    files.fault = (operation) => (operation === 'sync' ? failure('EIO') : null);
    await expect(log.append({ sequence: 2, changes: [user('bob')] })).rejects.toThrow('EIO');
    files.fault = () => null;
    await log.append({ sequence: 3, changes: [user('eve')] });
    const { found } = await opened(files.powerCut(() => 0));
    expect(found?.sequence).toBe(3);
    expect(found?.changes.map(({ key }) => key)).toEqual(['ann', 'bob', 'eve']);
  });

  it('says nothing of the zeros that it wrote ahead, and goes on in their place', async () => {
    const files = new FaultyFileSystem();
    const { log } = await opened(files);
    for (let i = 1; i <= 3; i++) await log.append({ sequence: i, changes: [user(`user ${i}`)] });
    const logger = listeningLogger();
    const killed = files.killed();
    const again = await opened(killed, logger);
    expect(again.found?.changes).toHaveLength(3);
    await again.log.append({ sequence: 4, changes: [user('user 4')] });
    expect(
      (
        await opened(
          killed.powerCut(() => 0),
          logger,
        )
      ).found?.changes,
    ).toHaveLength(4);
    expect(logger.lines).toEqual([]);
  });

  it('cuts a torn tail, and keeps what follows a damaged record', async () => {
    const files = new FaultyFileSystem();
    const { log } = await opened(files);
    for (let i = 1; i <= 3; i++) await log.append({ sequence: i, changes: [user(`user ${i}`)] });
    await log.close();
    const path = join(directory, 'metadata.log');
    const whole = Buffer.from(files.bytes(path));
    const torn = await files.open(path);
    await torn.truncate(whole.length - 5);
    const logger = listeningLogger();
    const cut = await opened(files, logger);
    expect(cut.found?.changes.map(({ key }) => key)).toEqual(['user 1', 'user 2']);
    expect(logger.lines.join()).toContain('not written whole');
    await torn.write([whole], 0);
    const middle = whole.indexOf('user 2');
    await torn.write([Buffer.from('X')], middle);
    const flipped = await opened(files, logger);
    expect(flipped.found?.changes.map(({ key }) => key)).toEqual(['user 1', 'user 3']);
    expect(logger.lines.join()).toContain('are damaged');
  });

  it('refuses a file that is damaged from its beginning, and a format of a later version', async () => {
    const files = new FaultyFileSystem();
    const { log } = await opened(files);
    await log.append({ sequence: 1, changes: [user('ann')] });
    await log.close();
    const file = await files.open(join(directory, 'metadata.log'));
    await file.write([Buffer.from('garbage')], 0);
    await expect(opened(files)).rejects.toThrow('damaged from its beginning');
    const format = await files.open(join(directory, 'format'));
    await format.write([Buffer.from('2\n')], 0);
    await expect(opened(files)).rejects.toThrow('later version');
  });
});

describe('a log that is asked for its rows while it is in use', () => {
  const open = (files: FaultyFileSystem) => new FileMetadataLog({ directory, logger: quietLogger, files });

  it('answers several at once on a blank node', async () => {
    const log = open(new FaultyFileSystem());
    expect(await Promise.all([log.load(), log.load(), log.load()])).toEqual([null, null, null]);
  });

  it('loses nothing that is being appended meanwhile', async () => {
    const files = new FaultyFileSystem();
    const log = open(files);
    await log.load();
    const appended = log.append({ sequence: 1, changes: [user('bob')] });
    const asked = log.load();
    await log.append({ sequence: 2, changes: [user('eve')] });
    await appended;
    expect((await asked)?.changes).toContainEqual(user('bob'));
    await log.close();
    expect(await open(files).load()).toEqual({ sequence: 2, changes: [user('bob'), user('eve')] });
  });
});
