import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { labFolder } from './places.js';
import { program } from './program.js';
import type { HostRecord } from './record.js';

/** What makes a host this one, and lets its operator in. */
export interface Identity {
  /** The public key that root can log in with. */
  readonly operator: string;
  /** The file of the host's own private key; its public half lies beside it. */
  readonly hostKey: string;
}

/** Whether hosts can share their image's files; where they cannot, each gets a copy of its own. */
export async function canOverlay(): Promise<boolean> {
  const folder = await mkdtemp(path.join(labFolder, 'overlay-'));
  const script = 'cd "$1" && mkdir l u w r && mount -t overlay o -o lowerdir=l,upperdir=u,workdir=w r';
  try {
    await program('unshare', ['--mount', 'sh', '-c', script, 'sh', folder]);
    return true;
  } catch {
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The folders of a host that was never switched on. */
export async function prepareDisk(folder: string, host: HostRecord, identity: Identity): Promise<void> {
  for (const name of ['root', 'disk/upper', 'disk/work', 'disk.small'])
    await mkdir(path.join(folder, name), { recursive: true });
  const copied = host.overlaid ? [] : host.layers.toReversed();
  for (const layer of copied)
    await program('cp', ['-a', '--reflink=auto', `${layer}/.`, path.join(folder, 'root')]);
  await writeIdentity(path.join(folder, host.overlaid ? 'disk/upper' : 'root'), host, identity);
}

async function writeIdentity(top: string, { name, layers }: HostRecord, identity: Identity): Promise<void> {
  await mkdir(path.join(top, 'etc/ssh'), { recursive: true });
  await mkdir(path.join(top, 'root/.ssh'), { recursive: true, mode: 0o700 });
  await writeFile(path.join(top, 'etc/hostname'), `${name}\n`);
  // As Debian's installer leaves it: the host's own name is a loopback address.
  await writeFile(path.join(top, 'etc/hosts'), `127.0.0.1\tlocalhost\n127.0.1.1\t${name}\n`);
  await writeFile(path.join(top, 'etc/machine-id'), `${randomBytes(16).toString('hex')}\n`);
  await writeFile(path.join(top, 'root/.ssh/authorized_keys'), `${identity.operator}\n`, { mode: 0o600 });
  await ownCookie(top, layers);
  for (const end of ['', '.pub'])
    await copyFile(`${identity.hostKey}${end}`, path.join(top, `etc/ssh/ssh_host_ed25519_key${end}`));
}

/** RabbitMQ's package makes each host a cookie: those that share a layer would share it. */
async function ownCookie(top: string, layers: readonly string[]): Promise<void> {
  const file = 'var/lib/rabbitmq/.erlang.cookie';
  const made = layers.map((layer) => path.join(layer, file)).find((cookie) => existsSync(cookie));
  if (!made) return;
  const own = path.join(top, file);
  await program('cp', ['--archive', '--parents', file, top], { cwd: made.slice(0, -file.length) });
  const { mode } = statSync(own);
  await chmod(own, 0o600);
  await writeFile(own, randomBytes(10).toString('hex').toUpperCase());
  await chmod(own, mode);
}

/** Makes a pair of keys and answers the public one. */
export async function makeKey(file: string, comment: string): Promise<string> {
  await program('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file]);
  return await program('cat', [`${file}.pub`]);
}
