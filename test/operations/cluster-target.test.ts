import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clusterTarget } from '../../src/operations/cluster-target.js';
import { fakeEngine, freeBase, Warren } from '../commands/warren.js';

let warren: Warren;
beforeEach(() => {
  warren = new Warren();
});
afterEach(() => warren.destroy());

const target = async (given?: string) => {
  const found = await clusterTarget(given, {
    state: path.join(warren.state, 'warren'),
    folder: warren.state,
  });
  return found.kind === 'hosts' ? `hosts of ${found.file.name}` : `here: ${found.cluster.record.name}`;
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
  expect(await target(write('near.yml', 'name: blue\n'))).toBe('here: blue');
  expect(await target('blue')).toBe('here: blue');
  await expect(target(path.join(warren.state, 'none'))).rejects.toMatchObject({
    code: 'CLUSTER_FILE_MISSING',
  });
  await expect(target('green')).rejects.toMatchObject({ code: 'CLUSTER_NOT_FOUND' });
});

test('alone: the one that runs here, or else the warren.yaml of this folder', async () => {
  await expect(target()).rejects.toMatchObject({ code: 'CLUSTER_NOT_FOUND' });
  write('warren.yaml', onHosts);
  expect(await target()).toBe('hosts of far');
  await up('blue');
  expect(await target()).toBe('here: blue');
  await up('green');
  await expect(target()).rejects.toMatchObject({ code: 'CLUSTER_AMBIGUOUS' });
  await warren.run(['down', '--cluster', 'blue']);
  await warren.run(['down', '--cluster', 'green']);
  expect(await target()).toBe('hosts of far');
});
