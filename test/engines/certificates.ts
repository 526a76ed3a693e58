/**
 * A certificate authority of the tests' own, made by openssl: `server` for the nodes, `guest` and `nobody` for
 * clients that it vouches for, `rogue` for one that it does not.
 */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';

export type Certificate = 'ca' | 'server' | 'guest' | 'nobody' | 'rogue';

const subjects = { server: '/CN=localhost', guest: '/O=Warren/OU=Twins/CN=guest', nobody: '/CN=nobody' };

export const certificateFile = (folder: string, name: string) => path.join(folder, `${name}.pem`);
export const keyFile = (folder: string, name: string) => path.join(folder, `${name}.key`);

/** Answers with their folder. */
export async function makeCertificates(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'warren-certificates-'));
  await selfSigned(folder, 'ca', '/CN=Twins');
  await selfSigned(folder, 'rogue', '/CN=guest');
  for (const [name, subject] of Object.entries(subjects)) {
    await signedBy(folder, 'ca', { name, subject, names: ['DNS:localhost', 'IP:127.0.0.1'] });
  }
  return folder;
}

/** `deputy` below one authority between it and the root, `stranger` below two: each shows them beside its own. */
export async function makeChain(folder: string): Promise<void> {
  const names = ['DNS:localhost'];
  const authority = { names, authority: true };
  await signedBy(folder, 'ca', { name: 'first', subject: '/CN=first', ...authority });
  await signedBy(folder, 'first', { name: 'second', subject: '/CN=second', ...authority });
  await signedBy(folder, 'first', { name: 'deputy', subject: '/CN=guest', names });
  await signedBy(folder, 'second', { name: 'stranger', subject: '/CN=guest', names });
  const chains = { deputy: ['deputy', 'first'], stranger: ['stranger', 'second', 'first'] };
  for (const [name, chain] of Object.entries(chains)) {
    const each = await Promise.all(chain.map((one) => readFile(certificateFile(folder, one), 'utf8')));
    await writeFile(certificateFile(folder, name), each.join(''));
  }
}

/** `NAME.pem` and `NAME.key` of an authority. */
export async function selfSigned(folder: string, name: string, subject: string): Promise<void> {
  const args = ['req', '-x509', '-days', '30', '-subj', subject, ...fresh(name), '-out', `${name}.pem`];
  await execa('openssl', args, { cwd: folder });
}

export interface CertificateWish {
  readonly name: string;
  readonly subject: string;
  /** As openssl has them: DNS:localhost. */
  readonly names: readonly string[];
  /** How long it is valid; 30 unless given. */
  readonly days?: number;
  /** It may sign others. */
  readonly authority?: boolean;
}

/** `NAME.pem` and `NAME.key`, signed by an authority of the folder. */
export async function signedBy(folder: string, ca: string, wish: CertificateWish): Promise<void> {
  const { name, subject, names, days = 30, authority = false } = wish;
  const openssl = (...args: string[]) => execa('openssl', args, { cwd: folder });
  const extensions = [
    `subjectAltName=${names.join(',')}`,
    ...(authority ? ['basicConstraints=critical,CA:TRUE'] : []),
  ];
  await writeFile(path.join(folder, `${name}.names`), extensions.join('\n'));
  await openssl('req', '-subj', subject, ...fresh(name), '-out', `${name}.csr`);
  const by = ['-in', `${name}.csr`, '-CA', `${ca}.pem`, '-CAkey', `${ca}.key`, '-CAcreateserial'];
  const given = ['-days', String(days), '-extfile', `${name}.names`, '-out', `${name}.pem`];
  await openssl('x509', '-req', ...by, ...given);
}

/** Curves are made much faster than RSA keys. */
function fresh(name: string): string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
}
