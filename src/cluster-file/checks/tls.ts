import type { WrittenFile } from '../schema.js';
import type { Findings } from './findings.js';
import { nodesOf, onHosts } from './nodes.js';
import { Notebook } from './notebook.js';

export function tlsFindings(file: WrittenFile): Findings {
  const book = new Notebook();
  const { tls } = file.rabbitmq;
  if (tls) settings(tls, book);
  if (onHosts(file)) everyNode(file, book);
  passthrough(file, book);
  return book;
}

function settings(tls: NonNullable<WrittenFile['rabbitmq']['tls']>, book: Notebook): void {
  if (tls.verify === 'verify_peer' && tls.ca === undefined) {
    book.error(
      ['rabbitmq', 'tls', 'verify'],
      "verify_peer checks clients' certificates, and there is no ca to check them by",
      'write ca: file:PATH',
    );
  }
  if (tls.fail_if_no_peer_cert && tls.verify === 'verify_none') {
    book.error(
      ['rabbitmq', 'tls', 'fail_if_no_peer_cert'],
      'clients would have to have a certificate that nobody checks',
      'write verify: verify_peer as well',
    );
  }
}

/** A node needs both halves, its own or those of all. */
function everyNode(file: WrittenFile, book: Notebook): void {
  const { tls } = file.rabbitmq;
  for (const [index, { name, rabbitmq }] of nodesOf(file).entries()) {
    const own = rabbitmq?.tls;
    if (own && !tls) {
      book.errorAtKey(
        ['nodes', index, 'rabbitmq', 'tls'],
        `node ${name} has a certificate of its own, and the file does not speak of TLS for all`,
        'write tls: { ca: file:PATH } under rabbitmq: at the top, or take it out',
      );
      continue;
    }
    if (!tls) continue;
    const missing = (['certificate', 'key'] as const).filter(
      (half) => (own?.[half] ?? tls[half]) === undefined,
    );
    if (missing.length === 0) continue;
    book.errorAtKey(
      ['rabbitmq', 'tls'],
      `node ${name} has no ${missing.join(' and no ')}`,
      `write ${missing.map((half) => `${half}: file:PATH`).join(', ')} here, or under rabbitmq: { tls: … } of that node`,
    );
    return;
  }
}

function passthrough({ rabbitmq, front_end }: WrittenFile, book: Notebook): void {
  const listens = rabbitmq.tls !== undefined || 'listeners.ssl.default' in rabbitmq.config;
  if (front_end?.haproxy.tls !== 'passthrough' || listens) return;
  book.warn(
    ['front_end', 'haproxy', 'tls'],
    'HAProxy passes TLS through, and no broker listens for it',
    'write tls: { certificate: file:PATH, key: file:PATH } under rabbitmq:',
  );
}
