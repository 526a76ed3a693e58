import type { SecretText } from '../cluster-file/secret.js';
import { publicFile, type RenderedFile } from './rendered-file.js';

/** Where a node finds what it needs for TLS; rabbitmq.conf names them. */
export const tlsPaths = {
  certificate: '/etc/rabbitmq/tls/certificate.pem',
  key: '/etc/rabbitmq/tls/key.pem',
  ca: '/etc/rabbitmq/tls/ca.pem',
} as const;

export interface TlsTexts {
  readonly certificate: string;
  readonly key: SecretText;
  readonly ca?: string | undefined;
}

/** What stands before the first block of a PEM file is read by nobody but people (RFC 7468 §2). */
const head = '# Written by warren: the next apply replaces it.\n';

/** The key first: a certificate that a node reads before its key is there would be of no use to it. */
export function tlsFiles({ certificate, key, ca }: TlsTexts): RenderedFile[] {
  const text = (pem: string) => `${head}${pem.trimEnd()}\n`;
  return [
    { ...publicFile(tlsPaths.key, text(key.reveal())), mode: 0o640, group: 'rabbitmq' },
    publicFile(tlsPaths.certificate, text(certificate)),
    ...(ca === undefined ? [] : [publicFile(tlsPaths.ca, text(ca))]),
  ];
}
