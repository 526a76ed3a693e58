/** /api/health/checks: 200 or 503 with what is wrong, for load balancers and monitors. */
import { after, expiring, isPeriod, periods } from '../../config/certificates.js';
import type { Api } from '../api.js';
import type { Call } from '../http/call.js';
import { columnsOf, type Item, pick } from '../http/columns.js';
import { badRequest, failedCheck } from '../http/refusal.js';
import type { Resource } from '../http/resource.js';

export function healthCheckResources(api: Api): Resource[] {
  const check = (path: string, get: (call: Call) => Promise<Item> | Item): Resource => ({
    path: `/api/health/checks/${path}`,
    access: api.access.management,
    get: async (call) => pick(await get(call), columnsOf(call)),
  });
  return [
    check('alarms', async () => alarms(await api.nodes.each('management.alarms', {}), 'in the cluster')),
    check('local-alarms', async () =>
      alarms(await api.nodes.one(api.nodes.self, 'management.alarms', {}), 'on the current node'),
    ),
    check('certificate-expiration/:within/:unit', (call) => certificates(api, call)),
    check('port-listener/:port', (call) => port(api, call)),
    check('protocol-listener/:protocol', (call) => protocol(api, call)),
    check('virtual-hosts', () => ({ status: 'ok' })),
    check('node-is-mirror-sync-critical', () => mirrorCritical(api)),
    check('node-is-quorum-critical', () => alone(api) ?? { status: 'ok' }),
  ];
}

function alarms(active: { node: string; resource: string }[], where: string): Item {
  if (active.length === 0) return { status: 'ok' };
  throw failedCheck({ reason: `There are alarms in effect ${where}`, alarms: active });
}

function certificates(api: Api, call: Call): Item {
  const unit = call.param('unit');
  if (!isPeriod(unit)) {
    throw badRequest(`Time unit not recognised. Supported units: ${periods.join(', ')}.`);
  }
  const within = call.param('within');
  if (!/^\d+$/.test(within)) throw badRequest('Invalid expiration value.');
  const by = after(Number(within), unit);
  const expired = api.facts().listeners.flatMap(({ protocol, address, port, tls }) => {
    const files = tls === undefined ? null : expiring(tls, by);
    return files === null ? [] : [{ ...files, interface: address, node: api.admin.node, port, protocol }];
  });
  if (expired.length === 0) return { status: 'ok' };
  throw failedCheck({ reason: 'Certificates expiring', expired });
}

function port(api: Api, call: Call): Item {
  const asked = Number(call.param('port'));
  if (!/^\d+$/.test(call.param('port'))) throw badRequest('Invalid port');
  const ports = listenersOf(api).map((listener) => listener.port);
  if (ports.includes(asked)) return { status: 'ok', port: asked };
  throw failedCheck({ reason: 'No active listener', missing: asked, ports });
}

/** In the order in which RabbitMQ names them: by protocol, the last first, but a plain one before its secure one. */
function listenersOf(api: Api) {
  const key = ({ protocol }: { protocol: string }) => `${protocol}~`;
  return api.facts().listeners.toSorted((a, b) => (key(a) < key(b) ? 1 : -1));
}

/** Other words for the same protocol. */
const synonyms: Record<string, string> = { amqp091: 'amqp', 'amqp0.9.1': 'amqp', 'amqp0-9-1': 'amqp' };

function protocol(api: Api, call: Call): Item {
  const asked = call.param('protocol');
  const protocols = [...new Set(listenersOf(api).map((listener) => listener.protocol))];
  const wanted = synonyms[asked.toLowerCase()] ?? asked.toLowerCase();
  if (protocols.includes(wanted)) return { status: 'ok', protocol: wanted };
  throw failedCheck({ reason: 'No active listener', missing: asked, protocols });
}

/** Would stopping this node leave a mirrored queue without any synchronised copy? */
function mirrorCritical(api: Api): Item {
  const { admin, nodes } = api;
  const single = alone(api);
  if (single !== null) return single;
  const running = nodes.running();
  const queues = [...admin.tables.all('queues')]
    .filter((row) => row.leader === admin.node && row.mirrors.length > 0)
    .filter((row) => !row.syncedMirrors.some((node) => running.includes(node)))
    .map(({ name, vhost, type }) => ({
      name,
      readable_name: `queue '${name}' in vhost '${vhost}'`,
      type,
      virtual_host: vhost,
    }));
  if (queues.length === 0) return { status: 'ok' };
  throw failedCheck({
    reason: 'There are classic mirrored queues without online synchronised mirrors',
    queues,
  });
}

/** With one member there is nobody to take over anything. */
function alone({ admin }: Api): Item | null {
  return admin.tables.rows.nodes.size > 1 ? null : { status: 'ok', reason: 'single node cluster' };
}
