import { describe, expect, it } from 'vitest';
import { packagesOf } from '../../../src/drivers/packages/packages.js';
import { FakeTransport } from '../../../src/drivers/transport/fake.js';
import { WarrenError } from '../../../src/errors/warren-error.js';

const soon = { waitMs: 30, pauseMs: 10 };

function host(release: string, dnf = true) {
  return new FakeTransport('server4')
    .place('/etc/os-release', release)
    .answer('sh -c command -v dnf', { status: dnf ? 0 : 127 });
}

const rocky = 'NAME="Rocky Linux"\nID="rocky"\nID_LIKE="rhel centos fedora"\nPRETTY_NAME="Rocky Linux 9.4"\n';
const centos7 = 'NAME="CentOS Linux"\nID="centos"\nID_LIKE="rhel fedora"\nVERSION_ID="7"\n';

async function failure(promise: Promise<unknown>) {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (error instanceof WarrenError) return error.report;
  throw error;
}

describe('the package tool of a host', () => {
  it('is apt on Debian and its kin', async () => {
    for (const release of [
      'ID=debian\n',
      'ID=ubuntu\nID_LIKE=debian\n',
      "ID='linuxmint'\nID_LIKE='ubuntu debian'\n",
    ]) {
      const mint = host(release).answer(/^dpkg-query /, 'curl\tii \t7\n');
      expect((await (await packagesOf(mint, soon)).installed(['curl'])).get('curl')).toBe('7');
    }
  });

  it("is dnf on Red Hat's kin, and yum where there is no dnf", async () => {
    const newer = host(rocky).answer(/^dnf /, '');
    await (await packagesOf(newer, soon)).install([
      { name: 'haproxy', version: '2.4.22-3.el9' },
      { name: 'curl' },
    ]);
    expect(newer.lines.at(-1)).toBe('dnf --setopt=exit_on_lock=1 -y -q install haproxy-2.4.22-3.el9 curl');
    const older = host(centos7, false).answer(/^yum /, '');
    await (await packagesOf(older, soon)).refresh();
    expect(older.lines.at(-1)).toBe('yum --setopt=exit_on_lock=1 -q makecache');
  });

  it('is not known elsewhere', async () => {
    expect(
      await failure(packagesOf(host('ID=alpine\nPRETTY_NAME="Alpine Linux v3.20"\n'), soon)),
    ).toMatchObject({
      code: 'SYSTEM_UNKNOWN',
      message: expect.stringContaining('Alpine Linux v3.20'),
    });
  });
});

describe('packages by dnf', () => {
  it('are installed at the version that rpm says', async () => {
    const answer = 'haproxy\t2.4.22-3.el9\npackage keepalived is not installed\n';
    const packages = await packagesOf(host(rocky).answer(/^rpm -q /, { status: 1, stdout: answer }), soon);
    expect(await packages.installed(['haproxy', 'keepalived'])).toEqual(
      new Map([['haproxy', '2.4.22-3.el9']]),
    );
  });

  it('are to be had at the version that is listed last', async () => {
    const answer = `Installed Packages
haproxy.x86_64      2.4.17-6.el9     @appstream
Available Packages
haproxy.x86_64      2.4.22-3.el9     appstream
rabbitmq-server.noarch  0:3.10.8-1.el9  rabbitmq
`;
    const packages = await packagesOf(
      host(rocky).answer('dnf -q list haproxy rabbitmq-server', answer),
      soon,
    );
    expect(await packages.candidates(['haproxy', 'rabbitmq-server'])).toEqual(
      new Map([
        ['haproxy', '2.4.22-3.el9'],
        ['rabbitmq-server', '3.10.8-1.el9'],
      ]),
    );
  });

  it('say who holds the lock, when there is no space, and what is not known', async () => {
    const saying = async (stderr: string) => {
      const packages = await packagesOf(host(rocky).answer(/^dnf --setopt/, { status: 1, stderr }), soon);
      return failure(packages.install([{ name: 'haproxy' }]));
    };
    expect(await saying('Waiting for process with pid 12 to finish.\n')).toMatchObject({
      code: 'PACKAGES_LOCKED',
      message: expect.stringContaining('process with pid 12'),
    });
    expect(
      await saying(
        'Error Summary\nDisk Requirements:\n   At least 30MB more space needed on the / filesystem.\n',
      ),
    ).toMatchObject({
      code: 'PACKAGES_NO_SPACE',
      message: 'server4 has no space left for packages: At least 30MB more space needed on the / filesystem.',
    });
    expect(
      (await saying('No match for argument: haproxy\nError: Unable to find a match: haproxy\n')).message,
    ).toBe('server4 knows no package haproxy');
    expect((await saying('Error: Failed to download metadata for repo\n')).code).toBe('PACKAGES_FAILED');
  });
});
