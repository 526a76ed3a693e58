import { answersAmqp } from '../../../drivers/amqp/greeting.js';
import { secured } from '../../../drivers/certificate/secure.js';
import { type Broker, brokersOf, type HostsContext } from '../context.js';
import { amqpsPortOf } from '../ports.js';
import { pairOf, tlsTexts } from './texts.js';

/** Where TLS is spoken, and which certificates may be shown there. */
interface Place {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly fingerprints: readonly string[];
}

const patienceMs = 10_000;

/**
 * Speaks AMQP over TLS to each node, and through the balancers, from a host: what
 * is shown there has to be the certificate of the cluster file. Nodes that let in
 * nobody without a certificate are asked for theirs only, since there is none for us.
 */
export async function tlsProblems(context: HostsContext): Promise<string[]> {
  const { tls, config } = context.file.rabbitmq;
  if (!tls) return [];
  const port = amqpsPortOf(config);
  const nodes = await Promise.all(brokersOf(context).map((broker) => nodeAt(context, broker, port)));
  const fingerprints = nodes.flatMap((one) => one.fingerprints);
  const places = [...nodes, ...balancerAt(context, fingerprints)];
  return (await Promise.all(places.map((place) => problemAt(context, place)))).flat();
}

async function nodeAt(context: HostsContext, broker: Broker, port: number): Promise<Place> {
  const texts = await tlsTexts(context, broker);
  const pair = texts && pairOf(texts);
  const fingerprints = pair && 'leaf' in pair ? [pair.leaf.fingerprint256] : [];
  return { name: broker.nodeName, address: broker.address, port, fingerprints };
}

function balancerAt({ file }: HostsContext, fingerprints: readonly string[]): Place[] {
  const { haproxy, virtual_addresses = [], hosts = [] } = file.front_end ?? {};
  const address = virtual_addresses[0]?.address ?? hosts[0]?.address;
  if (haproxy?.tls !== 'passthrough' || address === undefined) return [];
  const port = haproxy.amqps_port;
  return [{ name: `${address}:${port}`, address, port, fingerprints }];
}

async function problemAt(context: HostsContext, place: Place): Promise<string[]> {
  const { name, address, port, fingerprints } = place;
  const open = () => context.connect(brokersOf(context)[0]!, address, port);
  try {
    const socket = await secured(open, patienceMs);
    try {
      const { fingerprint256, subject } = socket.getPeerCertificate();
      if (!fingerprints.includes(fingerprint256)) {
        return [`${name} shows another certificate (of ${subject?.CN ?? 'nobody'}) than the cluster file's`];
      }
      const asks = context.file.rabbitmq.tls?.fail_if_no_peer_cert;
      if (asks || (await answersAmqp(async () => socket, patienceMs))) return [];
      return [`${name} speaks TLS on port ${port}, and not AMQP`];
    } finally {
      socket.destroy();
    }
  } catch (error) {
    context.signal.throwIfAborted();
    return [`${name} does not speak TLS on port ${port}: ${(error as Error).message}`];
  }
}
