import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gatherFacts } from '../../../src/drivers/host-facts/gather.js';
import { FakeTransport } from '../../../src/drivers/transport/fake.js';
import { localTransport } from '../../../src/drivers/transport/local.js';

const clock = { now: () => new Date(), signal: new AbortController().signal };
const nothing = { paths: [], names: [], ports: [], addresses: [], packages: [], services: [] };

test('one script finds what this machine is and has', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'facts-'));
  const path = join(folder, "it's here");
  writeFileSync(path, 'hello\n', { mode: 0o640 });
  try {
    const facts = await gatherFacts(
      localTransport,
      { ...nothing, paths: [path, join(folder, 'nothing')], names: ['localhost', 'no.such.name.invalid'] },
      clock,
    );
    expect(facts.hostName).toBe(hostname());
    expect(facts.root).toBe(process.getuid!() === 0);
    expect(Math.abs(facts.clockAheadMs)).toBeLessThan(60_000);
    expect(facts.memoryBytes).toBeGreaterThan(0);
    expect(facts.diskFreeBytes).toBeGreaterThan(0);
    expect(facts.hostsFile).toContain('localhost');
    expect(facts.resolves.get('localhost')).toEqual(
      expect.arrayContaining([expect.stringMatching(/^(127\.|::1)/)]),
    );
    expect(facts.resolves.get('no.such.name.invalid')).toEqual([]);
    const sha256 = createHash('sha256').update('hello\n').digest('hex');
    expect([...facts.files]).toEqual([[path, expect.objectContaining({ mode: 0o640, sha256 })]]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function answering(lines: readonly string[]): FakeTransport {
  return new FakeTransport('server1').answer('sh -s', [...lines, 'end\tyes', ''].join('\n'));
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

test('services, packages, listeners and addresses are read as systemd, dpkg, ss and ip say them', async () => {
  const host = answering([
    'package\trabbitmq-server 3.10.8-1.1 installed',
    'package\thaproxy 2.6.12-1 config-files',
    'service\tId=rabbitmq-server.service LoadState=loaded ActiveState=active SubState=running UnitFileState=enabled LimitNOFILE=65536 MainPID=42',
    'listener\t5672 * beam.smp 42',
    'address\teth0 192.0.2.101/24',
    'answers\t192.0.2.110',
  ]);
  const facts = await gatherFacts(host, nothing, clock);
  expect([...facts.packages]).toEqual([['rabbitmq-server', '3.10.8-1.1']]);
  expect(facts.services.get('rabbitmq-server')).toEqual({
    loaded: true,
    active: 'active',
    sub: 'running',
    enabled: true,
    masked: false,
    openFiles: 65536,
    pid: 42,
  });
  expect(facts.listeners).toEqual([{ port: 5672, address: '*', program: 'beam.smp', pid: 42 }]);
  expect(facts.addresses).toEqual([{ interface: 'eth0', address: '192.0.2.101', prefix: 24 }]);
  expect(facts.answers).toEqual(['192.0.2.110']);
});

test("a node's data tells its members and its vhosts while it is stopped", async () => {
  const config = "{['rabbit@server1',rabbit@server2],['rabbit@server1']}.\n";
  const host = answering([
    `data\trabbit@server1 ${base64(config)}`,
    `vhost\trabbit@server1 2 ${base64('orders')}`,
    `cookie\t400 rabbitmq rabbitmq abc`,
    `restart\t1700000000 ${base64('rabbitmq.conf changed')}`,
    `plugins\t${base64('[rabbitmq_management,rabbitmq_shovel].\n')}`,
    `secrets\t${base64('{"users/app": "word"}')}`,
  ]);
  const facts = await gatherFacts(host, nothing, clock);
  expect(facts.data).toEqual([
    {
      node: 'rabbit@server1',
      members: ['rabbit@server1', 'rabbit@server2'],
      vhosts: [{ name: 'orders', queues: 2 }],
    },
  ]);
  expect(facts.cookie).toEqual({ mode: 0o400, owner: 'rabbitmq', group: 'rabbitmq', sha256: 'abc' });
  expect(facts.restartNote).toEqual({ at: 1_700_000_000, reason: 'rabbitmq.conf changed' });
  expect(facts.enabledPlugins).toEqual(['rabbitmq_management', 'rabbitmq_shovel']);
  expect(facts.secrets).toEqual({ 'users/app': 'word' });
});

test('an answer that was cut short is an error, not a host without anything', async () => {
  const host = new FakeTransport('server1').answer('sh -s', { stdout: 'now\t1\n', stderr: 'awk: not found' });
  await expect(gatherFacts(host, nothing, clock)).rejects.toMatchObject({
    code: 'FACTS_INCOMPLETE',
    report: { where: 'server1', why: 'awk: not found' },
  });
});
