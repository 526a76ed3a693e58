import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onBoth } from './stage.js';

onBoth('definitions', (warren) => {
  const { node } = warren;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'warren-definitions-'));
    await warren.said('vhost add defined');
    await warren.said('queue declare kept --vhost defined --argument x-max-length=5');
  });
  afterAll(async () => {
    await node.api('DELETE', 'vhosts/defined');
    await rm(folder, { recursive: true, force: true });
  });

  test('what was exported is no drift; each kind of drift is named, with status 2', async () => {
    const file = path.join(folder, 'all.json');
    await warren.said(['definitions', 'export', '--out', file]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await warren.run(['definitions', 'export', '--out', file])).status).toBe(73);
    expect(await warren.run(['definitions', 'diff', file])).toMatchObject({
      status: 0,
      stdout: `The cluster is as ${file} says.\n`,
    });
    await node.api('DELETE', 'queues/defined/kept');
    await warren.said('queue declare kept --vhost defined --argument x-max-length=6');
    await warren.said('policy set new ^n max-length=1 --vhost defined');
    await warren.said('exchange declare gone --vhost defined');
    const before = JSON.parse(readFileSync(file, 'utf8')) as { exchanges: unknown[] };
    const vanished = { name: 'vanished', vhost: 'defined', type: 'fanout' };
    writeFileSync(file, JSON.stringify({ ...before, exchanges: [...before.exchanges, vanished] }));
    const drift = await warren.run(['definitions', 'diff', file]);
    expect(drift.status).toBe(2);
    expect(drift.stdout.split('\n').slice(0, 4).sort()).toEqual([
      '+ exchange gone defined',
      '+ policy new defined',
      '- exchange vanished defined',
      '~ queue kept defined: arguments',
    ]);
    const asJson = await warren.run(['definitions', 'diff', file, '--json']);
    expect(asJson.status).toBe(2);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ missing: ['exchange vanished defined'] });
  });

  test('a vhost is exported, deleted and imported again', async () => {
    const text = await warren.said('definitions export --vhost defined');
    const file = path.join(folder, 'one.json');
    writeFileSync(file, text);
    await warren.said('vhost delete defined --yes');
    await warren.said('vhost add defined');
    const into = ['definitions', 'import', file, '--vhost', 'defined'];
    expect((await warren.run(into, {}, '')).status).toBe(64);
    expect(await warren.said([...into, '--yes'])).toMatch(/^Imported 1 policies, 1 exchanges, 1 queues\.\n$/);
    expect((await warren.run(['definitions', 'diff', file, '--vhost', 'defined'])).status).toBe(0);
    expect((await warren.run('definitions export --vhost none')).stderr).toContain("no vhost 'none'");
    writeFileSync(file, '[');
    expect((await warren.run(['definitions', 'diff', file])).status).toBe(65);
    expect((await warren.run('definitions diff /none.json')).status).toBe(65);
  });
});
