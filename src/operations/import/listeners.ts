import { basename } from 'node:path';
import type { ApiListener } from '../../drivers/management-api/types.js';
import { type Options, sslOptions } from './ssl-options.js';

/**
 * How the nodes are listened to, in the words of a cluster file: `rabbitmq.tls`,
 * and ports that are not the usual ones. The management API tells which files a
 * node has its certificate and key from, and never what is in them: the file
 * names copies beside itself, and a note says what to copy.
 */
export interface ImportedListeners {
  readonly tls?: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, string | number | boolean>>;
  /** Certificate and key of each node, where they have files of different names. */
  readonly own: ReadonlyMap<string, Files>;
  readonly notes: readonly string[];
}

type Files = Readonly<Record<'certificate' | 'key', string>>;

const usual = { amqp: 5672, 'amqp/ssl': 5671, http: 15672, https: 15671 } as const;
const portKeys = {
  amqp: 'listeners.tcp.default',
  'amqp/ssl': 'listeners.ssl.default',
  http: 'management.tcp.port',
  https: 'management.ssl.port',
} as const;
type Protocol = keyof typeof usual;

export function importedListeners(listeners: readonly ApiListener[]): ImportedListeners {
  const of = (protocol: string) => listeners.filter((one) => one.protocol === protocol);
  const secure = of('amqp/ssl');
  const tls = secure.length > 0 ? tlsOf(secure, of('https').length > 0) : undefined;
  const { config, notes } = portsOf(of);
  return {
    ...(tls ? { tls: tls.section } : {}),
    config: { ...config, ...tls?.config },
    own: tls?.own ?? new Map(),
    notes: [...notes, ...(tls?.notes ?? []), ...whatDiffers(of)],
  };
}

function tlsOf(secure: readonly ApiListener[], management: boolean) {
  const all = secure.map(({ node, socket_opts }) => ({ node, options: socket_opts as Options }));
  const { options } = all[0]!;
  const pairs = new Map(all.map(({ node, options: each }) => [node, pairOf(each)]));
  const shared = new Set([...pairs.values()].map((pair) => JSON.stringify(pair))).size === 1;
  const { config, left } = sslOptions(options);
  const section = {
    ...(shared ? pairOf(options) : {}),
    ...(options.cacertfile === undefined ? {} : { ca: copyOf(options.cacertfile) }),
    ...(options.verify === 'verify_peer' ? { verify: 'verify_peer' } : {}),
    ...(options.fail_if_no_peer_cert === true ? { fail_if_no_peer_cert: true } : {}),
    ...(management ? {} : { management: false }),
  };
  const files = [
    ...new Set(all.flatMap(({ options: each }) => [each.certfile, each.keyfile, each.cacertfile])),
  ];
  const notes = [
    `TLS: the management API names files and does not show them. Copy them from the nodes into tls/ beside this file, keys for you alone (chmod 600): ${files.filter(Boolean).join(', ')}`,
    ...(shared && all.length > 1
      ? [
          'if the nodes have different certificates in files of one name, give each its own: rabbitmq: { tls: { certificate: file:…, key: file:… } } at the node',
        ]
      : []),
    ...(left.length > 0 ? [`ssl_options not taken over, write them under config: ${left.join(', ')}`] : []),
  ];
  return { section, config, own: shared ? new Map<string, Files>() : pairs, notes };
}

function pairOf({ certfile, keyfile }: Options): Files {
  return { certificate: copyOf(certfile ?? 'certificate.pem'), key: copyOf(keyfile ?? 'key.pem') };
}

function copyOf(path: unknown): string {
  return `file:tls/${basename(String(path))}`;
}

function portsOf(of: (protocol: string) => readonly ApiListener[]) {
  const config: Record<string, number> = {};
  const notes: string[] = [];
  for (const [protocol, port] of Object.entries(usual) as [Protocol, number][]) {
    const found = of(protocol);
    const ports = [...new Set(found.map((one) => Number(one.port)))];
    const bound = [...new Set(found.map((one) => one.ip_address))].filter((ip) => !everywhere.has(ip));
    if (ports.length === 1 && ports[0] !== port) config[portKeys[protocol]] = ports[0]!;
    if (ports.length > 1 || bound.length > 0) {
      const places = found.map(({ node, ip_address: ip, port: at }) => `${node} ${ip}:${at}`);
      notes.push(
        `${protocol} is listened for at certain places, which are not taken over: ${places.join(', ')}`,
      );
    }
  }
  return { config, notes };
}

const everywhere = new Set(['::', '0.0.0.0', '']);

/** What a cluster file cannot say, or says otherwise. */
function whatDiffers(of: (protocol: string) => readonly ApiListener[]): string[] {
  const plain = (protocol: Protocol) => of(protocol).length > 0;
  return [
    ...(plain('amqp/ssl') && !plain('amqp')
      ? ['AMQP is taken over TLS alone; by this file nodes take it without TLS as well, on 5672']
      : []),
    ...(plain('https') && !plain('amqp/ssl')
      ? [
          'the management API is served over TLS, and AMQP is not: that is not taken over, for rabbitmq: { tls: … } means both',
        ]
      : []),
    ...(plain('https') && !plain('http')
      ? [
          'the management API is served over TLS alone; by this file it is served without TLS as well, on 15672',
        ]
      : []),
  ];
}
