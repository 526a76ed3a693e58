/**
 * A second repository for a lab's hosts, signed, served by the control point: the
 * package of RabbitMQ under a version of its own, and a newer one beside it that is
 * there to be left alone.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Control } from './control.js';
import type { Lab } from './hosts.js';
import { prepareImage } from './image.js';
import { program } from './program.js';

const version = '3.10.8-9lab';
const newer = '3.11.0-1lab';

export async function labRepository(lab: Lab) {
  const folder = path.join(lab.folder, 'repository');
  const { packages } = await prepareImage('base');
  const original = (await readdir(packages)).find((name) => name.startsWith('rabbitmq-server_'))!;
  const tree = path.join(lab.folder, 'package');
  await mkdir(folder, { recursive: true });
  await program('dpkg-deb', ['-R', path.join(packages, original), tree]);
  const control = path.join(tree, 'DEBIAN/control');
  await writeFile(
    control,
    (await readFile(control, 'utf8')).replace(/^Version: .*$/m, `Version: ${version}`),
  );
  await program('dpkg-deb', ['-Znone', '-b', tree, path.join(folder, 'rabbitmq-server.deb')]);
  await rm(tree, { recursive: true });
  const listed = await program('dpkg-scanpackages', ['--multiversion', '.'], { cwd: folder });
  const index = `${listed.trimEnd()}\n\n${listed.replace(version, newer)}`;
  await writeFile(path.join(folder, 'Packages'), index);
  const key = await sign(folder, index, path.join(lab.folder, 'gnupg'));
  const server = lab.control.start(process.execPath, [serve, folder, Control.address, '8080'], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  await once(server.stderr!, 'data');
  const close = () => void server.kill();
  return { uri: `http://${Control.address}:8080/`, key, version, newer, close };
}

const serve = fileURLToPath(new URL('clients/serve-folder.js', import.meta.url));

/** Writes InRelease; answers the file of the public key. */
async function sign(folder: string, index: string, home: string): Promise<string> {
  await mkdir(home, { mode: 0o700 });
  const gpg = (...words: string[]) => program('gpg', ['--homedir', home, '--batch', '--quiet', ...words]);
  await gpg('--passphrase', '', '--quick-generate-key', 'lab@example.com', 'ed25519', 'sign');
  const sum = createHash('sha256').update(index).digest('hex');
  const date = new Date().toUTCString().replace('GMT', 'UTC');
  const release = path.join(home, 'Release');
  await writeFile(
    release,
    `Origin: lab\nDate: ${date}\nSHA256:\n ${sum} ${Buffer.byteLength(index)} Packages\n`,
  );
  await gpg('--output', path.join(folder, 'InRelease'), '--clearsign', release);
  const key = path.join(home, 'key.asc');
  await writeFile(key, await gpg('--armor', '--export'));
  await program('gpgconf', ['--homedir', home, '--kill', 'all']);
  return key;
}
