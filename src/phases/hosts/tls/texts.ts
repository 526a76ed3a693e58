import { readFile } from 'node:fs/promises';
import type { Fault, Pair } from '../../../drivers/certificate/pair.js';
import { readPair } from '../../../drivers/certificate/pair.js';
import { WarrenError } from '../../../errors/warren-error.js';
import type { TlsTexts } from '../../../render/tls-files.js';
import type { Broker, HostsContext } from '../context.js';

/** A node's certificate, its key and the CAs, read on this machine; nothing where the nodes speak no TLS. */
export async function tlsTexts(context: HostsContext, { node }: Broker): Promise<TlsTexts | undefined> {
  const { tls } = context.file.rabbitmq;
  if (!tls || !node.tls) return undefined;
  const { certificate, key } = node.tls;
  return {
    certificate: await textOf(certificate),
    key: await context.secrets.of(key, `tls/${node.name}`, `the TLS key of ${node.name}`),
    ca: tls.ca === undefined ? undefined : await textOf(tls.ca),
  };
}

/** The same, understood. */
export function pairOf({ certificate, key, ca }: TlsTexts): Pair | Fault {
  return readPair({ certificate, key: key.reveal(), ca });
}

/** A certificate is no secret. */
async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw WarrenError.of('FILE_UNREADABLE', { file: path }, { why: (error as Error).message, cause: error });
  }
}
