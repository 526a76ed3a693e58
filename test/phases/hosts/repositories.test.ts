import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseClusterFile } from '../../../src/cluster-file/read.js';
import { clearHosts } from '../../../src/phases/hosts/clear-hosts.js';
import { installPackages } from '../../../src/phases/hosts/install-packages.js';
import { FakeCluster, threeNodes } from './fake-cluster.js';

const folder = mkdtempSync(path.join(tmpdir(), 'warren-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));
const key = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==\n-----END PGP PUBLIC KEY BLOCK-----\n';
writeFileSync(path.join(folder, 'team.asc'), key);
writeFileSync(path.join(folder, 'team.gpg'), Buffer.from([0x99, 0x01, 0x0d]));

const repository = (file = 'team.asc') =>
  `{uri: https://packages.example.com/debian, suite: bookworm, key: 'file:${path.join(folder, file)}'}`;

async function clusterOf(rabbitmq: string): Promise<FakeCluster> {
  return FakeCluster.of(`${threeNodes}\nrabbitmq: ${rabbitmq}\n`);
}

const failureOf = ({ context }: Awaited<ReturnType<FakeCluster['run']>>) =>
  context.failures.get('server1')?.report;

test('a version of several is installed to the letter, and kept to', async () => {
  const cluster = await clusterOf("{version: '3.10', erlang: '25.2'}");
  const { changes } = await cluster.run([installPackages]);
  expect(changes).toContain('server1: write /etc/apt/preferences.d/warren.pref');
  const { transport } = cluster.host('server1');
  expect(transport.lines.find((line) => line.includes('policy-rc.d'))).toMatch(
    / rabbitmq-server=3\.10\.8-1 erlang-base=1:25\.2\.3-1$/,
  );
  const text = transport.file('/etc/apt/preferences.d/warren.pref')!.text;
  expect(text).toContain('Package: rabbitmq-server\nPin: version /^([0-9]+:)?3[.]10([^0-9]|$)/');
  expect((await cluster.run([installPackages])).changes).toEqual([]);
});

test('a version that is not offered: nothing is installed, and those that are offered are named', async () => {
  const cluster = await clusterOf("{version: '3.1'}");
  const run = await cluster.run([installPackages]);
  expect(failureOf(run)).toMatchObject({ code: 'VERSION_NOT_OFFERED' });
  expect(failureOf(run)!.message).toContain('3.13.7-1, 3.10.8-1');
  expect(cluster.host('server1').transport.lines.filter((line) => line.includes('policy-rc.d'))).toEqual([]);
});

test('a RabbitMQ and an Erlang that do not fit are not installed together', async () => {
  const run = await (await clusterOf("{version: 3.13.7, erlang: '25'}")).run([installPackages]);
  expect(failureOf(run)).toMatchObject({ code: 'ERLANG_MISFIT' });
});

test('a repository is told of with its key before anything is installed, and is taken away with the rest', async () => {
  const cluster = await clusterOf(`{version: 3.13.7, erlang: '26.2', source: {apt: [${repository()}]}}`);
  const { changes } = await cluster.run([installPackages]);
  expect(changes.filter((change) => change.startsWith('server1'))).toEqual([
    'server1: write /etc/apt/keyrings/warren-1.asc',
    'server1: write /etc/apt/sources.list.d/warren.sources',
    'server1: write /etc/apt/preferences.d/warren.pref',
    'server1: install rabbitmq-server',
  ]);
  const { transport } = cluster.host('server1');
  expect(transport.file('/etc/apt/keyrings/warren-1.asc')).toMatchObject({ text: key, mode: 0o644 });
  expect(transport.file('/etc/apt/sources.list.d/warren.sources')!.text.split('\n').slice(2, -1)).toEqual([
    'Types: deb',
    'URIs: https://packages.example.com/debian',
    'Suites: bookworm',
    'Components: main',
    'Signed-By: /etc/apt/keyrings/warren-1.asc',
  ]);
  await cluster.run([clearHosts]);
  for (const path of ['keyrings/warren-1.asc', 'sources.list.d/warren.sources', 'preferences.d/warren.pref'])
    expect(transport.file(`/etc/apt/${path}`)).toBeUndefined();
});

test('on a host of the other kind the other repositories count, and without any that is said', async () => {
  const rocky = (cluster: FakeCluster) => {
    for (const host of cluster.hosts.values()) {
      const { transport } = host;
      host.os = 'rocky|9|rhel centos fedora|Rocky Linux 9';
      transport.place('/etc/os-release', 'ID=rocky\nID_LIKE="rhel centos fedora"\n');
      const listed =
        'Installed Packages\nrabbitmq-server.noarch 3.13.6-1.el8 @warren\nrabbitmq-server.noarch 3.13.7-1.el8 warren-1\n';
      transport.answer(/command -v dnf/, '').answer(/^dnf/, listed);
    }
    return cluster;
  };
  const yum = `yum: [{uri: https://packages.example.com/el9, key: 'file:${path.join(folder, 'team.asc')}'}]`;
  const cluster = rocky(await clusterOf(`{version: '3.13', source: {${yum}}}`));
  await cluster.run([installPackages]);
  const { transport } = cluster.host('server1');
  expect(transport.file('/etc/yum.repos.d/warren.repo')!.text).toContain(
    'baseurl=https://packages.example.com/el9\nenabled=1\ngpgcheck=1\ngpgkey=file:///etc/pki/rpm-gpg/warren-1.asc\n',
  );
  expect(transport.lines.at(-2)).toMatch(/^dnf .*-y -q install rabbitmq-server-3\.13\.7-1\.el8$/);
  const other = await rocky(await clusterOf(`{source: {apt: [${repository()}]}}`)).run([installPackages]);
  expect(failureOf(other)).toMatchObject({ code: 'NO_REPOSITORY' });
});

test('a key that is missing, or not in its text form, is said before a package is installed', async () => {
  for (const [file, code] of [
    ['team.gpg', 'KEY_NOT_TEXT'],
    ['none.asc', 'FILE_UNREADABLE'],
  ] as const) {
    const cluster = await clusterOf(`{source: {apt: [${repository(file)}]}}`);
    const run = await cluster.run([installPackages], { dryRun: true });
    expect(failureOf(run)).toMatchObject({ code });
  }
});

test('a source of nothing, and a key that is no reference, are mistakes of the file', async () => {
  for (const source of ['{}', '{apt: [{uri: https://a.example, suite: x, key: team.asc}]}']) {
    const text = `${threeNodes}\nrabbitmq: {source: ${source}}\n`;
    await expect(parseClusterFile(text, 'warren.yaml')).rejects.toMatchObject({
      code: 'CLUSTER_FILE_INVALID',
    });
  }
});
