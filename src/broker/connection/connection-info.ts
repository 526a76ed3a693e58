import { plainTable } from '../core/plain-table.js';
import { issuerOf, subjectOf, validityOf } from './certificate.js';
import type { Connection } from './connection.js';

/** What list_connections and /api/connections show, under RabbitMQ's names. */
export function connectionInfo(connection: Connection): Record<string, unknown> {
  const { traffic, origin } = connection;
  const { ends, tls } = origin;
  const certificate = tls?.certificate ?? null;
  return {
    pid: connection.id,
    name: connection.name,
    node: connection.context.broker.node,
    type: 'network',
    port: ends.port,
    peer_port: ends.peerPort,
    host: ends.host,
    peer_host: ends.peerHost,
    ssl: tls !== null,
    peer_cert_subject: certificate && subjectOf(certificate),
    peer_cert_issuer: certificate && issuerOf(certificate),
    peer_cert_validity: certificate && validityOf(certificate),
    ssl_protocol: tls?.protocol ?? null,
    ssl_key_exchange: tls?.keyExchange ?? null,
    ssl_cipher: tls?.cipher ?? null,
    ssl_hash: tls?.hash ?? null,
    auth_mechanism: connection.mechanism,
    protocol: 'AMQP 0-9-1',
    user: connection.principal.user,
    user_who_performed_action: connection.principal.user,
    vhost: connection.vhost,
    state: connection.shownState,
    channels: connection.channelCount,
    timeout: connection.heartbeat,
    frame_max: connection.frameMax,
    channel_max: connection.channelMax,
    client_properties: plainTable(connection.clientProperties),
    connected_at: connection.connectedAt,
    recv_oct: traffic.receivedOctets,
    recv_cnt: traffic.reads,
    send_oct: connection.output.octets,
    send_cnt: connection.output.writes,
    send_pend: connection.output.pending,
  };
}
