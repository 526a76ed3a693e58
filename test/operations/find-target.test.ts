import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findTarget } from '../../src/operations/find-target.js';
import { fakeEngine, freeBase, Warren } from '../commands/warren.js';

let warren: Warren;
const before = process.cwd();
beforeEach(() => {
  warren = new Warren();
  process.chdir(warren.state);
});
afterEach(async () => {
  process.chdir(before);
  await warren.destroy();
});

const target = async (given?: string) => {
  const found = await findTarget(path.join(warren.state, 'warren'), given);
  return found.kind === 'hosts'
    ? `hosts of ${found.file.name}`
    : `here: ${found.cluster ?? 'the one that runs'}`;
};
const write = (name: string, text: string) => {
  const file = path.join(warren.state, name);
  writeFileSync(file, text);
  return file;
};
const up = async (name: string) =>
  warren.run([
    'up',
    '-n',
    '1',
    '--name',
    name,
    '--engine-dir',
    fakeEngine,
    '--port-base',
    String(await freeBase()),
  ]);

const onHosts = 'name: far\nnodes: [{ name: a, address: 192.0.2.1 }]\n';

test('a file is one by its name; the cluster it is about has addresses or is here', async () => {
  await up('blue');
  expect(await target(write('far.yaml', onHosts))).toBe('hosts of far');
  expect(await target('far.yaml')).toBe('hosts of far');
  expect(await target(write('near.yml', 'name: blue\n'))).toBe('here: blue');
  expect(await target('blue')).toBe('here: blue');
  expect(await target('green')).toBe('here: green');
  for (const none of [path.join(warren.state, 'none'), 'none.yaml']) {
    await expect(target(none)).rejects.toMatchObject({ code: 'CLUSTER_FILE_MISSING' });
  }
});

test('a word is the cluster of this machine that has it as its name, even where a file has it too', async () => {
  write('blue', onHosts);
  expect(await target('blue')).toBe('hosts of far');
  await up('blue');
  expect(await target('blue')).toBe('here: blue');
});

test('alone: the one that runs here, or else the warren.yaml of this folder if that names hosts', async () => {
  expect(await target()).toBe('here: the one that runs');
  write('warren.yaml', 'name: blue\n');
  expect(await target()).toBe('here: the one that runs');
  write('warren.yaml', onHosts);
  expect(await target()).toBe('hosts of far');
  await up('blue');
  expect(await target()).toBe('here: the one that runs');
  await warren.run(['down', '--cluster', 'blue']);
  expect(await target()).toBe('hosts of far');
});
