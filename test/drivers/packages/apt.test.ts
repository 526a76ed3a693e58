import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AptPackages, installScript } from '../../../src/drivers/packages/apt.js';
import { FakeTransport } from '../../../src/drivers/transport/fake.js';
import { localTransport } from '../../../src/drivers/transport/local.js';
import { WarrenError } from '../../../src/errors/warren-error.js';

const soon = { waitMs: 30, pauseMs: 10 };

async function failure(promise: Promise<unknown>) {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (error instanceof WarrenError) return error.report;
  throw error;
}

/** A host whose package tool ends like this. */
function saying(stdout: string, status = 100) {
  return new AptPackages(new FakeTransport('server3').answer(/^sh /, { status, stdout }), soon);
}

describe('packages by apt', () => {
  it('are installed at the version that dpkg says, if they are whole', async () => {
    const answer = 'haproxy\tii \t2.6.12-1\nkeepalived\trc \t1:2.2.7\ncurl\tiU \t7\n';
    const host = new FakeTransport().answer(/^dpkg-query /, {
      status: 1,
      stdout: answer,
      stderr: 'no packages found',
    });
    expect(await new AptPackages(host, soon).installed(['haproxy', 'keepalived', 'curl', 'none'])).toEqual(
      new Map([['haproxy', '2.6.12-1']]),
    );
  });

  it('are to be had at the version that apt-cache says', async () => {
    const answer = `rabbitmq-server:
  Installed: (none)
  Candidate: 3.10.8-1.1+deb12u1
  Version table:
     3.10.8-1.1+deb12u1 500
virtual:
  Installed: (none)
  Candidate: (none)
`;
    const host = new FakeTransport().answer('apt-cache policy -- rabbitmq-server virtual', answer);
    expect(await new AptPackages(host, soon).candidates(['rabbitmq-server', 'virtual'])).toEqual(
      new Map([['rabbitmq-server', '3.10.8-1.1+deb12u1']]),
    );
  });

  it.runIf(existsSync('/usr/bin/dpkg-query'))('are seen by the real tools', async () => {
    const packages = new AptPackages(localTransport, soon);
    const installed = await packages.installed(['dpkg', 'no-such-package']);
    expect([...installed.keys()]).toEqual(['dpkg']);
    expect(installed.get('dpkg')).toMatch(/^\d/);
    expect([...(await packages.candidates(['dpkg', 'no-such-package'])).keys()]).toEqual(['dpkg']);
  });

  it('are installed without a question, at the version that is wanted', async () => {
    const host = new FakeTransport().answer(/^sh /, '');
    await new AptPackages(host, soon).install([
      { name: 'rabbitmq-server', version: '3.10.8-1' },
      { name: 'curl' },
    ]);
    const [run] = host.log;
    expect(run).toMatchObject({ env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' } });
    expect(host.lines[0]).toMatch(/ sh \/usr\/sbin\/policy-rc\.d rabbitmq-server=3\.10\.8-1 curl$/);
  });

  it('wait for who holds the lock, and say for whom', async () => {
    let runs = 0;
    const host = new FakeTransport('server3').answer(/^sh /, () =>
      ++runs < 3
        ? {
            status: 100,
            stdout:
              'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7 (unattended-upgr)\n',
          }
        : '',
    );
    const told: string[] = [];
    await new AptPackages(host, soon).install([{ name: 'curl' }], {
      waiting: (sentence) => told.push(sentence),
    });
    expect(told).toEqual(['server3: waiting for process 7 (unattended-upgr), which is changing packages']);
    expect(runs).toBe(3);
  });

  it('do not wait for ever', async () => {
    const locked = saying('dpkg: error: dpkg frontend lock was locked by another process with pid 8\n', 2);
    expect(await failure(locked.install([{ name: 'curl' }]))).toMatchObject({
      code: 'PACKAGES_LOCKED',
      exit: 75,
      message: expect.stringContaining('another process with pid 8'),
    });
  });

  it('stop waiting when it is not wanted any more', async () => {
    const signal = AbortSignal.timeout(20);
    const host = new FakeTransport().answer(/^sh /, {
      status: 100,
      stdout: 'E: Could not get lock /var/lib/dpkg/lock\n',
    });
    const waiting = new AptPackages(host, { waitMs: 60_000, pauseMs: 60_000 }).install([{ name: 'curl' }], {
      signal,
    });
    await expect(waiting).rejects.toThrow(/abort|timeout/i);
  });

  it('say when there is no space, what is not known, and anything else that failed', async () => {
    const full = "Reading…\nE: You don't have enough free space in /var/cache/apt/archives/.\n";
    expect(await failure(saying(full).install([{ name: 'curl' }]))).toMatchObject({
      code: 'PACKAGES_NO_SPACE',
      message:
        "server3 has no space left for packages: You don't have enough free space in /var/cache/apt/archives/.",
    });
    const unpacking =
      'dpkg: error processing archive x.deb: cannot copy: failed to write (No space left on device)\n';
    expect((await failure(saying(unpacking).install([{ name: 'curl' }]))).code).toBe('PACKAGES_NO_SPACE');
    const unknown = "E: Unable to locate package nosuch\nE: Version '9' for 'curl' was not found\n";
    expect((await failure(saying(unknown).install([{ name: 'curl' }]))).message).toBe(
      'server3 knows no package nosuch, curl',
    );
    expect(await failure(saying('Get:1\nE: Sub-process dpkg returned an error\n').refresh())).toMatchObject({
      code: 'PACKAGES_FAILED',
      message: 'apt-get update on server3 failed with status 100: E: Sub-process dpkg returned an error',
    });
  });
});

/** The script of an installation, really run, with a dpkg and an apt-get that only write down what they see. */
function installation(aptGet = '') {
  const folder = mkdtempSync(join(tmpdir(), 'warren-apt-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const policy = join(folder, 'policy-rc.d');
  const seen = join(folder, 'seen');
  const stub = (name: string, text: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  stub('dpkg', `echo "dpkg $1" >>${seen}`);
  stub(
    'apt-get',
    `echo "apt-get $*" >>${seen}; ${policy} >>${seen} 2>&1; echo "policy $?" >>${seen}; ${aptGet}`,
  );
  const env = { PATH: `${folder}:/usr/bin:/bin` };
  return {
    policy,
    seen: () => readFileSync(seen, 'utf8'),
    run: (signal?: AbortSignal) =>
      localTransport.run('sh', ['-c', installScript, 'sh', policy, 'one', 'two=2'], {
        env,
        ...(signal ? { signal } : {}),
      }),
  };
}

describe('an installation by apt', () => {
  it('keeps services from starting while it lasts, and brings to an end what was broken off before', async () => {
    const { run, seen, policy } = installation('echo done');
    expect(await run()).toMatchObject({ status: 0, stdout: 'done\n' });
    expect(seen()).toMatch(/^dpkg --configure\napt-get install .* -- one two=2\npolicy 101\n$/);
    expect(existsSync(policy)).toBe(false);
  });

  it('lets services start again when it fails', async () => {
    const { run, policy } = installation('echo "E: no"; exit 100');
    expect(await run()).toMatchObject({ status: 100, stdout: 'E: no\n' });
    expect(existsSync(policy)).toBe(false);
  });

  it('lets services start again when it is ended', async () => {
    const { run, policy } = installation('sleep 0.3');
    const ending = new AbortController();
    const running = run(ending.signal);
    while (!existsSync(policy)) await new Promise((resolve) => setTimeout(resolve, 5));
    ending.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(existsSync(policy)).toBe(false);
  });

  it("leaves the administrator's own word as it is", async () => {
    const { run, seen, policy } = installation();
    writeFileSync(policy, '#!/bin/sh\nexit 104\n', { mode: 0o755 });
    await run();
    expect(seen()).toContain('policy 104\n');
    expect(readFileSync(policy, 'utf8')).toBe('#!/bin/sh\nexit 104\n');
  });

  it('takes one of ours that a power cut left behind as ours', async () => {
    const { run, policy } = installation(`cp ${'"$' + '0"'} /dev/null`);
    const [, mark] = /mark='(.*)'/.exec(installScript)!;
    writeFileSync(policy, `#!/bin/sh\n${mark}\nexit 101\n`, { mode: 0o755 });
    await run();
    expect(existsSync(policy)).toBe(false);
  });
});
