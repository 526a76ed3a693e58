import type { Duplex } from 'node:stream';

/** The two ends of a connection, as listings show them. */
export interface Ends {
  host: string;
  port: number;
  peerHost: string;
  peerPort: number;
}

interface Addressed {
  localAddress?: string;
  localPort?: number;
  remoteAddress?: string;
  remotePort?: number;
}

export function endsOf(stream: Duplex): Ends {
  const { localAddress, localPort, remoteAddress, remotePort } = stream as Addressed;
  return {
    host: plain(localAddress),
    port: localPort ?? 0,
    peerHost: plain(remoteAddress),
    peerPort: remotePort ?? 0,
  };
}

/** "127.0.0.1:40123 -> 127.0.0.1:5672" */
export function connectionName({ host, port, peerHost, peerPort }: Ends): string {
  return `${bracketed(peerHost)}:${peerPort} -> ${bracketed(host)}:${port}`;
}

const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address);

/** IPv4 addresses on a socket of both families come as ::ffff:127.0.0.1. */
function plain(address: string | undefined): string {
  return address?.replace(/^::ffff:(?=\d+\.)/, '') ?? 'unknown';
}
