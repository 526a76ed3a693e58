/** Listeners as status, cluster_status and listeners show them, as text and as JSON. */
import type { OpenListener } from '../config/node-config.js';

const purposes: Record<string, string> = {
  amqp: 'AMQP 0-9-1',
  'amqp/ssl': 'AMQP 0-9-1 over TLS',
  http: 'HTTP API',
  https: 'HTTP API over TLS (HTTPS)',
  'http/prometheus': 'Prometheus exporter API over HTTP',
  'https/prometheus': 'Prometheus exporter API over TLS (HTTPS)',
  clustering: 'inter-node and CLI tool communication',
};

const purposeOf = (protocol: string) => purposes[protocol] ?? protocol;

export function listenerLine({ address, port, protocol }: OpenListener): string {
  return `Interface: ${bracketed(address)}, port: ${port}, protocol: ${protocol}, purpose: ${purposeOf(protocol)}`;
}

export function listenerJson(
  node: string,
  { address, port, protocol }: OpenListener,
): Record<string, unknown> {
  return { interface: bracketed(address), node, port, protocol, purpose: purposeOf(protocol) };
}

const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address);
