import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SshTarget } from '../../src/drivers/transport/ssh/target.js';
import { Lab } from './hosts.js';
import type { Reaching, Step } from './reach.js';
import { reachFrom } from './reach-from.js';
import { whyNoLab } from './requirements.js';

const password = "it's a pass %p word";

describe.skipIf(whyNoLab())('the transport to real hosts', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.up({ name: 'transport', hosts: [{}, {}] });
    const host = lab.host(1);
    await host.addUser('asked', { password });
    await host.addUser('free', 'without a password');
    await host.addUser('none', 'not at all');
    await lab.host(2).addUser('jump', 'not at all');
  });

  afterAll(() => lab?.down());

  function target(user: string, given: Partial<SshTarget> = {}): SshTarget {
    const { key, knownHosts } = lab.control;
    return { host: 'server1', address: lab.host(1).address, user, keys: [key], knownHosts, ...given };
  }

  const reach = (reaching: Reaching) => reachFrom(lab.control, reaching);

  const asRoot: Step[] = [{ run: ['id', '-un'] }, { run: ['cat'], options: { input: 'in\nput' } }];
  const wasRoot = [
    { status: 0, stdout: 'root\n', stderr: '' },
    { status: 0, stdout: 'in\nput', stderr: '' },
  ];

  test('runs commands as root, whoever logs in, with the input they are given', async () => {
    expect(await reach({ target: target('root'), steps: asRoot })).toEqual(wasRoot);
    expect(await reach({ target: target('free'), steps: asRoot })).toEqual(wasRoot);
    expect(await reach({ target: target('asked', { sudoPassword: password }), steps: asRoot })).toEqual(
      wasRoot,
    );
    expect(await reach({ target: target('asked'), answers: ['wrong', password], steps: asRoot })).toEqual(
      wasRoot,
    );
    expect(await reach({ target: target('free', { sudoPassword: password }), steps: asRoot })).toEqual(
      wasRoot,
    );
  });

  test('never shows a password to those who list processes or read the journal', async () => {
    const steps: Step[] = [
      { run: ['sh', '-c', 'cat >/dev/null; ps axww -o args'], options: { input: `${password}\n` } },
      { run: ['journalctl', '-q', '--no-pager'] },
    ];
    const said = JSON.stringify(await reach({ target: target('asked', { sudoPassword: password }), steps }));
    expect(said).toContain('sudo');
    expect(said).not.toContain('pass %p word');
  });

  test('says why a user does not become root', async () => {
    const failing = async (given: SshTarget) => reach({ target: given, steps: [{ run: ['true'] }] });
    expect(await failing(target('asked'))).toMatchObject([
      { error: { code: 'HOST_SUDO_REFUSED', message: expect.stringContaining('a password is required') } },
    ]);
    expect(await failing(target('asked', { sudoPassword: 'wrong' }))).toMatchObject([
      { error: { code: 'HOST_SUDO_PASSWORD' } },
    ]);
    expect(await failing(target('none', { sudoPassword: 'any' }))).toMatchObject([
      { error: { code: expect.stringMatching(/^HOST_SUDO_(PASSWORD|REFUSED)$/) } },
    ]);
  });

  test('gives files their mode and owner, and leaves nothing beside them', async () => {
    const steps: Step[] = [
      { write: '/etc/warren-test', text: 'one', options: { mode: 0o640, owner: 'daemon', group: 'games' } },
      { write: '/etc/warren-test', text: password, options: { mode: 0o400, keep: true } },
      { run: ['sh', '-c', 'cd /etc; stat -c "%n %a %U %G" *warren-test* .*warren-test* 2>/dev/null'] },
      { read: '/etc/warren-test.warren-backup' },
    ];
    expect(await reach({ target: target('free'), steps })).toEqual([
      null,
      null,
      expect.objectContaining({
        stdout: 'warren-test 400 root root\nwarren-test.warren-backup 640 daemon games\n',
      }),
      'one',
    ]);
  });

  test('ends what takes too long, whatever it started and however it resists', async () => {
    const stubborn = 'trap "" TERM HUP; sleep 4711 & sleep 4711; sleep 4711';
    const steps: Step[] = [
      { run: ['sh', '-c', stubborn], options: { timeoutMs: 500 } },
      { run: ['pgrep', '-fx', 'sleep 4711'] },
    ];
    for (const one of [target('root'), target('asked', { sudoPassword: password })])
      expect(await reach({ target: one, steps })).toMatchObject([{ status: 124 }, { status: 1, stdout: '' }]);
  });

  test('runs more at once than sshd has sessions for', async () => {
    const steps = Array.from({ length: 40 }, (_, at): Step => ({ run: ['echo', `${at}`] }));
    const results = (await reach({ target: target('root'), atOnce: true, steps })) as { stdout: string }[];
    expect(results.map(({ stdout }) => Number(stdout))).toEqual(steps.map((_, at) => at));
    await lab.host(1).run('echo MaxSessions 1 >/etc/ssh/sshd_config.d/few.conf; systemctl restart ssh');
    const fewer = (await reach({ target: target('root'), atOnce: true, steps })) as { stdout: string }[];
    expect(fewer.map(({ stdout }) => Number(stdout))).toEqual(steps.map((_, at) => at));
  });

  test('reaches a host through another one', async () => {
    const { host: _, sudo: __, ...bastion } = target('jump', { address: lab.host(2).address });
    expect(await reach({ target: target('root', { bastion }), steps: asRoot })).toEqual(wasRoot);
    const beyond = target('root', { bastion, port: 2222 });
    expect(await reach({ target: beyond, steps: asRoot.slice(0, 1) })).toMatchObject([
      { error: { code: 'HOST_UNREACHABLE', message: expect.stringContaining(`from ${bastion.address}`) } },
    ]);
  });

  test('refuses a host whose key changed, and one without power', async () => {
    await lab.host(1).changeHostKey();
    const changed = { target: target('root'), steps: asRoot.slice(0, 1) };
    for (const acceptNew of [false, true])
      expect(await reach({ ...changed, acceptNew })).toMatchObject([
        {
          error: { code: 'HOST_KEY_CHANGED', message: expect.stringContaining(`${lab.control.knownHosts}:`) },
        },
      ]);
    await lab.host(2).kill();
    const off = target('root', { host: 'server2', address: lab.host(2).address });
    expect(await reach({ target: off, steps: asRoot.slice(0, 1) })).toMatchObject([
      { error: { code: 'HOST_UNREACHABLE', message: expect.stringContaining('server2') } },
    ]);
  });
});
