/**
 * What hosts are made of, built once and kept: `base`, a minimal Debian with
 * systemd and sshd and, apart from it, a folder of packages, which is all that a
 * host can install from; and `installed`, a layer above it in which those packages
 * are installed, with nothing configured, enabled or started. A folder's name holds
 * the hash of what it was made from, so a change here makes new ones. A lock lets
 * two test runs build side by side: the second one waits and finds it done.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.js';
import { imagesFolder, labFolder } from './places.js';
import { program } from './program.js';

const suite = 'bookworm';
const system = [
  ...['systemd', 'systemd-sysv', 'dbus', 'openssh-server', 'sudo', 'iproute2', 'iputils-ping'],
  ...['procps', 'ca-certificates'],
];
const packages = ['rabbitmq-server', 'haproxy', 'keepalived', 'psmisc', 'curl'];
const script = fileURLToPath(new URL('image.sh', import.meta.url));

export interface Image {
  /** The folders of a host's root, topmost first. */
  readonly layers: readonly string[];
  /** The folder of packages; a host sees it as /srv/repo. */
  readonly packages: string;
}

export async function prepareImage(
  kind: 'base' | 'installed',
  say: (line: string) => void = () => {},
): Promise<Image> {
  const folder = path.join(imagesFolder(), `${suite}-${recipe()}`);
  if (!existsSync(folder)) {
    await withLock(path.join(labFolder, 'image.lock'), async () => {
      if (!existsSync(folder)) await build(folder, say);
    });
  }
  const base = path.join(folder, 'base');
  const layers = kind === 'base' ? [base] : [path.join(folder, 'installed'), base];
  return { layers, packages: path.join(folder, 'packages') };
}

function recipe(): string {
  const parts = [suite, system.join(), packages.join(), readFileSync(script, 'utf8')];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12);
}

async function build(folder: string, say: (line: string) => void): Promise<void> {
  const building = `${folder}.building`;
  await rm(building, { recursive: true, force: true });
  await mkdir(building, { recursive: true });
  await writeFile(path.join(building, 'sources'), `${(await sources()).join('\n')}\n`);
  say(`building the hosts' image in ${folder} …`);
  await program('unshare', ['--mount', 'sh', script, building, suite, system.join(), packages.join(' ')]);
  await rename(building, folder);
  const old = readdirSync(imagesFolder()).filter((name) => name !== path.basename(folder));
  for (const name of old) await rm(path.join(imagesFolder(), name), { recursive: true, force: true });
}

/** This machine's own sources of Debian's packages: what it can reach, the image can be made from. */
async function sources(): Promise<string[]> {
  const format = '$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)';
  const listed = await program('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const found = listed
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, release, component, origin]) => {
      return origin === 'Debian' && component === 'main' && release?.startsWith(suite);
    })
    .map(([uri, release]) => `deb ${uri} ${release} main`);
  return found.length > 0 ? found : [`deb http://deb.debian.org/debian ${suite} main`];
}
