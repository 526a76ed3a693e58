import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { ClusterFile } from '../../src/cluster-file/cluster-file.js';
import { readClusterFile } from '../../src/cluster-file/read.js';
import { SecretText } from '../../src/cluster-file/secret.js';
import { lint } from '../../src/lint/lint.js';
import {
  checkScriptFile,
  haproxyFile,
  haproxyLimits,
  keepalivedFile,
} from '../../src/render/balancer-files.js';
import { fiveHosts } from './clusters.js';
import { canCheckKeepalived, haproxyCheck, hasProgram, keepalivedCheck, shellCheck } from './system.js';

const passwords = { checkPassword: new SecretText('check me'), statsPassword: new SecretText('watch me') };

async function balancers(file: ClusterFile, rabbitmqVersion?: string) {
  const frontEnd = file.front_end!;
  const haproxy = await haproxyFile(file, frontEnd);
  const keepalived = await keepalivedFile(file, frontEnd);
  const { text: script } = await checkScriptFile(frontEnd);
  return Promise.all(
    frontEnd.hosts.map(async (host) => ({
      haproxy: await haproxy({ host, rabbitmqVersion, ...passwords }),
      keepalived: await keepalived({ host, interface: 'eth0' }),
      script,
    })),
  );
}

const profiles = ['standby', 'mirrored', 'quorum'];
const fronts = {
  'active/passive': '',
  'active/active': '  virtual_addresses: [192.0.2.110/24, 192.0.2.111/24]\n  mode: active/active\n',
  'both families': '  virtual_addresses: [192.0.2.110, "2001:db8::110"]\n',
  'TLS passed through, released without brokers':
    '  without_brokers: release\n  haproxy: { tls: passthrough, balance: roundrobin, amqp_port: 25672 }\n',
  'brokers that speak TLS': '\nrabbitmq: { tls: { certificate: "file:c.pem", key: "file:k.pem" } }\n',
};
const cases = profiles.flatMap((profile) =>
  Object.entries(fronts).map(([what, front]) => ({ profile, what, front })),
);

test.runIf(hasProgram('haproxy') && canCheckKeepalived).each(cases)(
  'the programs accept their files: $profile, $what',
  async ({ profile, front }) => {
    const file = await fiveHosts(`profile: ${profile}`, front);
    for (const version of ['3.10.8', '4.2.0']) {
      for (const { haproxy, keepalived, script } of await balancers(file, version)) {
        expect(haproxyCheck(haproxy.text)).toMatchObject({
          status: 0,
          said: expect.not.stringContaining('WARNING'),
        });
        // 5 would be a warning alone.
        expect(keepalivedCheck(keepalived.text, script)).toEqual({ status: 0, said: '' });
      }
    }
  },
);

test.each(cases)('nothing in them bites: $profile, $what', async ({ profile, front }) => {
  const files = await balancers(await fiveHosts(`profile: ${profile}`, front), '3.10.8');
  const [first] = files;
  const found = lint([
    ...files.map(({ haproxy }, index) => ({ path: `${index}/haproxy.cfg`, text: haproxy.text })),
    ...files.map(({ keepalived }, index) => ({ path: `${index}/keepalived.conf`, text: keepalived.text })),
    { path: 'check-haproxy.sh', text: first!.script, access: { uid: 0, mode: 0o755 } },
  ]);
  // Only who asks for round robin gets it, and hears of it.
  expect(found.filter(({ rule }) => rule !== 'round-robin')).toEqual([]);
});

const folder = new URL('../../examples/', import.meta.url);
const examples = readdirSync(folder).filter((name) => name.endsWith('.yaml') && name !== 'alerts.yaml');

test('there are examples with a front end', async () => {
  const files = await Promise.all(
    examples.map((name) => readClusterFile(fileURLToPath(new URL(name, folder)))),
  );
  expect(files.filter(({ front_end }) => front_end).length).toBeGreaterThan(2);
});

test.runIf(hasProgram('haproxy') && canCheckKeepalived).each(examples)(
  'the programs accept what an example makes, and nothing in it bites: %s',
  async (name) => {
    const file = await readClusterFile(fileURLToPath(new URL(name, folder)));
    if (!file.front_end) return;
    const files = await balancers(file);
    for (const { haproxy, keepalived, script } of files) {
      expect(haproxyCheck(haproxy.text)).toMatchObject({ status: 0 });
      if (file.front_end.virtual_addresses.length > 0) {
        expect(keepalivedCheck(keepalived.text, script)).toEqual({ status: 0, said: '' });
      }
    }
    const texts = files.flatMap(({ haproxy, keepalived }, index) => [
      { path: `${index}/haproxy.cfg`, text: haproxy.text },
      { path: `${index}/keepalived.conf`, text: keepalived.text },
    ]);
    expect(lint(texts)).toEqual([]);
  },
);

test.runIf(hasProgram('shellcheck'))('the check script has nothing that shellcheck would mind', async () => {
  const { text, mode, owner } = await checkScriptFile((await fiveHosts()).front_end!);
  expect(shellCheck(text)).toEqual({ status: 0, said: '' });
  expect({ mode, owner }).toEqual({ mode: 0o755, owner: 'root' });
});

test('a broker is up when it listens for AMQP and its API answers', async () => {
  const file = await fiveHosts();
  const [old] = await balancers(file, '3.13.7');
  expect(old!.haproxy.text).toContain('tcp-check connect port 5672\n    tcp-check connect port 15672');
  expect(old!.haproxy.text).toContain('GET /api/health/checks/port-listener/5672 ');
  expect(old!.haproxy.text).toContain(Buffer.from('warren-check:check me').toString('base64'));
  const [recent] = await balancers(file, '4.1.0');
  expect(recent!.haproxy.text).toContain('GET /api/health/checks/ready-to-serve-clients ');
  expect(recent!.haproxy.text).not.toContain('Authorization');
});

test('a node that listens elsewhere is asked there', async () => {
  const file = await fiveHosts(
    'rabbitmq: { config: { listeners.tcp.default: 5699, management.tcp.port: 15699 } }',
  );
  const [first] = await balancers(file);
  expect(first!.haproxy.text).toContain('server server1 192.0.2.101:5699\n');
  expect(first!.haproxy.text).toContain('port-listener/5699 ');
  expect(first!.haproxy.text).toContain('server server1 192.0.2.101:15699 cookie server1 track amqp/server1');
});

test('in a standby cluster all but the active node are backups', async () => {
  const file = await fiveHosts('profile: { name: standby, active: server2 }');
  const [first] = await balancers(file);
  const servers = first!.haproxy.text.match(/^ {4}server .*:5672.*$/gm);
  expect(servers).toEqual([
    '    server server1 192.0.2.101:5672 backup',
    '    server server2 192.0.2.102:5672',
    '    server server3 192.0.2.103:5672 backup',
  ]);
});

test("the statistics' password is hashed, and who may not see the file cannot", async () => {
  const [first, second] = await balancers(await fiveHosts());
  expect(first!.haproxy).toMatchObject({ mode: 0o640, owner: 'root', group: 'haproxy' });
  expect(first!.haproxy.text).not.toContain('watch me');
  const hash = /user admin password (\S+)/;
  expect(hash.exec(first!.haproxy.text)![1]).not.toBe(hash.exec(second!.haproxy.text)![1]);
});

test('a balancer listens on its own address and on the virtual one, whoever has it', async () => {
  const [, second] = await balancers(await fiveHosts());
  expect(second!.haproxy.text.match(/^ {4}bind .*:5672.*$/gm)).toEqual([
    '    bind 192.0.2.105:5672',
    '    bind 192.0.2.110:5672 transparent',
  ]);
});

test('one address: who has it keeps it; priorities differ', async () => {
  const texts = (await balancers(await fiveHosts())).map(({ keepalived }) => keepalived.text);
  expect(texts.map((text) => /priority (\d+)/.exec(text)![1])).toEqual(['200', '190']);
  for (const text of texts) {
    expect(text).toContain('state BACKUP');
    expect(text).toContain('    nopreempt\n');
    expect(text).not.toContain('auth');
  }
});

test('two addresses, active/active: each balancer is first for one, and takes it back', async () => {
  const file = await fiveHosts('', fronts['active/active']);
  const texts = (await balancers(file)).map(({ keepalived }) => keepalived.text);
  const of = (text: string, key: string) =>
    [...text.matchAll(new RegExp(`^ *${key} (.*)$`, 'gm'))].map(([, v]) => v);
  expect(texts.map((text) => of(text, 'priority'))).toEqual([
    ['200', '190'],
    ['190', '200'],
  ]);
  expect(texts.map((text) => of(text, 'virtual_router_id'))).toEqual([
    ['110', '111'],
    ['110', '111'],
  ]);
  for (const text of texts) expect(text).not.toContain('nopreempt\n');
});

test('a password makes it VRRP 2, which counts in whole seconds', async () => {
  const file = await fiveHosts();
  const write = await keepalivedFile(file, file.front_end!);
  const host = file.front_end!.hosts[0]!;
  const { text } = await write({ host, interface: 'eth0', authPass: new SecretText('12345678') });
  expect(text).toContain('vrrp_version 2\n');
  expect(text).toContain('advert_int 1\n');
  expect(text).toContain('auth_pass 12345678\n');
  if (canCheckKeepalived) {
    const { text: script } = await checkScriptFile(file.front_end!);
    expect(keepalivedCheck(text, script)).toEqual({ status: 0, said: '' });
  }
});

test('VRRP cannot announce an address of the other family alone', async () => {
  const file = await fiveHosts('', '  virtual_addresses: ["2001:db8::110"]\n');
  await expect(balancers(file)).rejects.toThrow(
    "2001:db8::110 and server4's address 192.0.2.104 are not of one family",
  );
});

test('open files for every connection', async () => {
  const file = await fiveHosts('', '  haproxy: { maxconn: 4096 }\n');
  expect((await haproxyLimits(file.front_end!)).text).toContain('LimitNOFILE=9192\n');
});
