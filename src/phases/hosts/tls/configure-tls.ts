import { X509Certificate } from 'node:crypto';
import type { Host } from '../../../cluster-file/hosts.js';
import { runTool } from '../../../drivers/rabbitmqctl/on-host.js';
import { tlsFiles, tlsPaths } from '../../../render/tls-files.js';
import type { Door } from '../../phase.js';
import { brokerOf, factsOf, type HostsContext, transportOf } from '../context.js';
import { booted } from '../node-state.js';
import { paths } from '../paths.js';
import { placeFile } from '../place-file.js';
import { tlsTexts } from './texts.js';

/**
 * A node's certificate, key and CAs. One that runs has them in a cache of its
 * TLS library: emptied, it shows the new certificate to whoever connects from
 * then on, and no connection is cut (ssl:clear_pem_cache/0). From before the
 * first of the files is replaced until then a note is on the host, so an apply
 * that was interrupted in between is finished by the next one.
 * The answer: whether something was placed.
 */
export async function placeTls(context: HostsContext, host: Host, door: Door): Promise<boolean> {
  const texts = await tlsTexts(context, brokerOf(context, host));
  if (!texts) return false;
  const transport = transportOf(context, host);
  const before = async () => {
    await transport.makeFolder('/run/warren', 0o755);
    await transport.writeFile(paths.reloadCertificate, 'certificate\n', { mode: 0o644 });
  };
  let placed = false;
  for (const file of tlsFiles(texts)) {
    const why = file.path === tlsPaths.certificate ? { why: validity(file.text) } : {};
    const options = { folder: '/etc/rabbitmq/tls', before, ...why };
    placed = (await placeFile(context, host, door, file, options)) || placed;
  }
  return placed;
}

/** After the configuration: a node that boots yet, or is to be started anew, reads everything by itself. */
export async function takeInTls(
  context: HostsContext,
  host: Host,
  door: Door,
  placed: boolean,
): Promise<void> {
  const noted = factsOf(context, host).files.has(paths.reloadCertificate);
  if (!noted && !placed) return;
  const transport = transportOf(context, host);
  const forget = () => transport.remove(paths.reloadCertificate);
  if (!booted(factsOf(context, host)) || context.restarts.has(host.name)) {
    if (!door.shut) await forget();
    return;
  }
  await door.change(`have ${brokerOf(context, host).nodeName} take in its certificate`, async () => {
    const args = ['eval', 'ssl:clear_pem_cache().'];
    await runTool(transport, 'rabbitmqctl', args, { signal: context.signal });
    await forget();
  });
}

function validity(pem: string): string {
  return `valid until ${new Date(new X509Certificate(pem).validTo).toISOString().slice(0, 10)}`;
}
