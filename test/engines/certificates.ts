/**
 * A certificate authority of the tests' own, made by openssl: `server` for the nodes, `guest` and `nobody` for
 * clients that it vouches for, `rogue` for one that it does not.
 */
import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';

export type Certificate = 'ca' | 'server' | 'guest' | 'nobody' | 'rogue';

const subjects = { server: '/CN=localhost', guest: '/O=Warren/OU=Twins/CN=guest', nobody: '/CN=nobody' };

export const certificateFile = (folder: string, name: Certificate) => path.join(folder, `${name}.pem`);
export const keyFile = (folder: string, name: Certificate) => path.join(folder, `${name}.key`);

/** Answers with their folder. */
export async function makeCertificates(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'warren-certificates-'));
  const openssl = (...args: string[]) => execa('openssl', args, { cwd: folder });
  const selfSigned = (name: string, subject: string) =>
    openssl('req', '-x509', '-days', '30', '-subj', subject, ...fresh(name), '-out', `${name}.pem`);
  await selfSigned('ca', '/CN=Twins');
  await selfSigned('rogue', '/CN=guest');
  await writeFile(path.join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  for (const [name, subject] of Object.entries(subjects)) {
    await openssl('req', '-subj', subject, ...fresh(name), '-out', `${name}.csr`);
    const signed = ['-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
    await openssl('x509', '-req', '-days', '30', ...signed, '-extfile', 'names', '-out', `${name}.pem`);
  }
  return folder;
}

/** Curves are made much faster than RSA keys. */
function fresh(name: string): string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
}
