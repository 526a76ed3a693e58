import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createServer, type TlsOptions } from 'node:tls';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configureBrokers } from '../../../src/phases/hosts/configure-brokers.js';
import { distributeCookie } from '../../../src/phases/hosts/distribute-cookie.js';
import { installPackages } from '../../../src/phases/hosts/install-packages.js';
import { preflight } from '../../../src/phases/hosts/preflight/preflight.js';
import { restartNodes } from '../../../src/phases/hosts/restart-nodes.js';
import { startNodes } from '../../../src/phases/hosts/start-nodes.js';
import { tlsProblems } from '../../../src/phases/hosts/tls/tls-problems.js';
import { selfSigned, signedBy } from '../../engines/certificates.js';
import { hasProgram } from '../../render/system.js';
import { FakeCluster, threeNodes } from './fake-cluster.js';

const build = [installPackages, distributeCookie, configureBrokers, startNodes, restartNodes];
const placed = '/etc/rabbitmq/tls';
const note = '/run/warren/reload-certificate';
const dayMs = 86_400_000;

describe.runIf(hasProgram('openssl'))('TLS', () => {
  let folder: string;
  const file = (name: string) => path.join(folder, name);
  const clusterFile = (name: string, more = '') =>
    `${threeNodes}rabbitmq: { tls: { certificate: "file:${file(`${name}.pem`)}", key: "file:${file(`${name}.key`)}", ca: "file:${file('ca.pem')}"${more} } }\n`;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'warren-tls-'));
    await Promise.all([selfSigned(folder, 'ca', '/CN=ca'), selfSigned(folder, 'other', '/CN=other')]);
    const names = ['DNS:server1', 'DNS:server2', 'DNS:server3'];
    await signedBy(folder, 'ca', { name: 'first', subject: '/CN=first', names, days: 90 });
    await signedBy(folder, 'ca', { name: 'second', subject: '/CN=second', names, days: 90 });
    await signedBy(folder, 'other', {
      name: 'strange',
      subject: '/CN=strange',
      names: ['DNS:a.b'],
      days: 90,
    });
    await signedBy(folder, 'ca', { name: 'middle', subject: '/CN=middle', names, days: 90 });
    await signedBy(folder, 'middle', { name: 'far', subject: '/CN=far', names, days: 90 });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function built(name = 'first'): Promise<FakeCluster> {
    const cluster = await FakeCluster.of(clusterFile(name));
    await cluster.run(build);
    return cluster;
  }

  test('certificate, key and CA are placed before the configuration that names them', async () => {
    const cluster = await FakeCluster.of(clusterFile('first'));
    const { changes } = await cluster.run(build);
    const on = changes.filter((line) => line.startsWith('server2')).map((line) => line.slice(9));
    const until = new Date(Date.now() + 90 * dayMs).toISOString().slice(0, 8);
    expect(on.slice(2, 6)).toEqual([
      `write ${placed}/key.pem`,
      expect.stringContaining(`write ${placed}/certificate.pem (valid until ${until}`),
      `write ${placed}/ca.pem`,
      'write /etc/rabbitmq/rabbitmq.conf',
    ]);
    const { transport } = cluster.host('server2');
    expect(transport.file(`${placed}/key.pem`)).toMatchObject({ mode: 0o640, group: 'rabbitmq' });
    expect(transport.file(`${placed}/key.pem`)!.text).toContain(readFileSync(file('first.key'), 'utf8'));
    expect(transport.file(note)).toBeUndefined();
    expect(JSON.stringify([changes, cluster.commands])).not.toContain('PRIVATE KEY');
    expect((await cluster.run(build)).changes).toEqual([]);
  });

  test('a renewed certificate is a change, which a running node takes in without a restart', async () => {
    const cluster = await built();
    const renewed = new FakeClusterWith(cluster, await FakeCluster.of(clusterFile('second')));
    const plan = await renewed.run({ dryRun: true });
    const { changes, asked } = await renewed.run();
    expect(plan.changes.toSorted()).toEqual(changes.toSorted());
    expect(changes.filter((line) => line.startsWith('server1')).map((line) => line.slice(9))).toEqual([
      `replace ${placed}/key.pem`,
      expect.stringContaining(`replace ${placed}/certificate.pem (valid until`),
      'have rabbit@server1 take in its certificate',
    ]);
    expect(asked).toEqual([]);
    expect(cluster.commands.at(-1)).toContain('rabbitmqctl eval ssl:clear_pem_cache().');
    expect((await renewed.run()).changes).toEqual([]);
  });

  test('an apply that breaks off before the node took it in is finished by the next one', async () => {
    const cluster = await built();
    const renewed = new FakeClusterWith(cluster, await FakeCluster.of(clusterFile('second')));
    const { transport } = cluster.host('server3');
    let broken = true;
    transport.answer(/^rabbitmqctl eval/, () => (broken ? { status: 69, stderr: 'cut' } : ''));
    expect([...(await renewed.run()).context.failures.keys()]).toEqual(['server3']);
    broken = false;
    expect((await renewed.run()).changes).toEqual(['server3: have rabbit@server3 take in its certificate']);
    expect(transport.file(note)).toBeUndefined();
  });

  const codes = async (text: string, days = 0) => {
    const cluster = await FakeCluster.of(text);
    const now = () => new Date(Date.now() + days * dayMs);
    const { context } = await cluster.run([preflight], { now });
    const found = context.findings.filter(({ host, code }) => host === 'server1' && /^TLS/.test(code));
    expect(JSON.stringify(found)).not.toMatch(/BEGIN|PRIVATE/);
    return found.map(({ code, weight }) => `${code} ${weight}`);
  };

  test('what is amiss with a certificate is found before anything is changed', async () => {
    expect(await codes(clusterFile('first'))).toEqual([]);
    expect(await codes(clusterFile('first'), 70)).toEqual(['TLS_EXPIRES note']);
    expect(await codes(clusterFile('first'), 100)).toEqual(['TLS_EXPIRED stops']);
    expect(await codes(clusterFile('first'), -3)).toEqual(['TLS_NOT_YET stops']);
    expect(await codes(clusterFile('strange'))).toEqual(['TLS_OTHER_NAME note', 'TLS_OTHER_CA note']);
    expect(await codes(clusterFile('missing'))).toEqual(['TLS_UNREADABLE stops']);
    expect(await codes(clusterFile('first').replace('first.key', 'second.key'))).toEqual([
      'TLS_KEY_MISFIT stops',
    ]);
  });

  test('a key that others can read, that is encrypted, or that is none', async () => {
    const keyIs = (name: string) => clusterFile('first').replace('first.key', name);
    writeFileSync(file('open.key'), readFileSync(file('first.key')), { mode: 0o644 });
    chmodSync(file('open.key'), 0o644);
    expect(await codes(keyIs('open.key'))).toEqual(['TLS_UNREADABLE stops']);
    const encrypted = ['pkey', '-in', 'first.key', '-aes256', '-passout', 'pass:x', '-out', 'locked.key'];
    await execa('openssl', encrypted, { cwd: folder });
    expect(await codes(keyIs('locked.key'))).toEqual(['TLS_KEY_ENCRYPTED stops']);
    writeFileSync(file('none.key'), 'hello', { mode: 0o600 });
    expect(await codes(keyIs('none.key'))).toEqual(['TLS_UNREADABLE stops']);
  });

  test('a chain leads to its CA, if what is between is in the file', async () => {
    expect(await codes(clusterFile('far'))).toEqual(['TLS_OTHER_CA note']);
    appendFileSync(file('far.pem'), readFileSync(file('middle.pem')));
    expect(await codes(clusterFile('far'))).toEqual([]);
  });

  /** A server in the place of every node. */
  async function problems(options: TlsOptions, answer: string, more = ''): Promise<string[]> {
    const server = createServer(options, (socket) => {
      socket.on('error', () => {});
      socket.on('data', () => socket.write(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const cluster = await FakeCluster.of(clusterFile('first', more));
      const { context } = await cluster.run([], { connect: async () => connect(port, '127.0.0.1') });
      return await tlsProblems(context);
    } finally {
      server.close();
    }
  }

  test('nodes are asked for their certificate, and to speak AMQP', async () => {
    const pair = (name: string) => ({
      cert: readFileSync(file(`${name}.pem`)),
      key: readFileSync(file(`${name}.key`)),
    });
    expect(await problems(pair('first'), '\x01')).toEqual([]);
    expect(await problems(pair('second'), '\x01')).toEqual([
      expect.stringContaining('rabbit@server1 shows another certificate (of second)'),
      expect.stringContaining('rabbit@server2'),
      expect.stringContaining('rabbit@server3'),
    ]);
  });
});

/** The hosts of one cluster, told of another file. */
class FakeClusterWith {
  constructor(
    private readonly cluster: FakeCluster,
    private readonly other: FakeCluster,
  ) {}

  run(options: { readonly dryRun?: boolean } = {}) {
    return this.cluster.run(build, { file: this.other.file, ...options });
  }
}
