/**
 * The PROXY protocol (https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt), versions 1 and 2: what a proxy
 * says of its client before the client's first octet. As in RabbitMQ 3.10.8 a header without addresses (UNKNOWN,
 * LOCAL) or of another family ends the connection.
 */
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Ends } from './ends.js';

const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
/** Version 1 fits 107 octets, its end included (2.1). */
const longestLine = 107;

/** Undefined while more octets are awaited; null when it is no such header. */
function parseProxyHeader(bytes: Buffer): { ends: Ends; length: number } | null | undefined {
  const compared = Math.min(bytes.length, signature.length);
  if (bytes.subarray(0, compared).equals(signature.subarray(0, compared))) {
    return compared < signature.length ? undefined : binary(bytes);
  }
  const end = bytes.indexOf('\r\n');
  if (end < 0) {
    const start = bytes.toString('latin1', 0, 6);
    return 'PROXY '.startsWith(start) && bytes.length < longestLine ? undefined : null;
  }
  const ends = line(bytes.toString('latin1', 0, end));
  return ends && end + 2 <= longestLine ? { ends, length: end + 2 } : null;
}

/** Reads the header off the stream and leaves what follows in it; null when there is none in time. */
export function readProxyHeader(stream: Duplex, given: (ends: Ends | null) => void): void {
  let read: Buffer = Buffer.alloc(0);
  const done = (ends: Ends | null) => {
    stream.off('readable', look);
    stream.off('end', gone);
    given(ends);
  };
  const gone = () => done(null);
  const look = () => {
    for (let chunk = stream.read(); chunk !== null; chunk = stream.read())
      read = Buffer.concat([read, chunk]);
    const header = parseProxyHeader(read);
    if (header === undefined) return;
    if (header !== null && header.length < read.length) stream.unshift(read.subarray(header.length));
    done(header?.ends ?? null);
  };
  stream.on('readable', look);
  stream.on('end', gone);
}

/** 2.1: PROXY TCP4 source destination source-port destination-port */
function line(text: string): Ends | null {
  const match = /^PROXY TCP([46]) (\S+) (\S+) (\d{1,5}) (\d{1,5})$/.exec(text);
  if (!match) return null;
  const [, family, peerHost, host, peerPort, port] = match as unknown as string[];
  const ends = { host: host!, port: Number(port), peerHost: peerHost!, peerPort: Number(peerPort) };
  const proper = [ends.host, ends.peerHost].every((address) => isIP(address) === Number(family));
  return proper && ends.port < 65_536 && ends.peerPort < 65_536 ? ends : null;
}

/** 2.2: signature, version and command, family, length, addresses, further values that are passed over. */
function binary(bytes: Buffer): { ends: Ends; length: number } | null | undefined {
  if (bytes.length < 16) return undefined;
  const length = 16 + bytes.readUInt16BE(14);
  const family = bytes[13];
  const size = family === 0x11 ? 4 : family === 0x21 ? 16 : 0;
  if (bytes[12] !== 0x21 || size === 0 || length < 16 + 2 * size + 4) return null;
  if (bytes.length < length) return undefined;
  const address = (at: number) => written(bytes.subarray(at, at + size));
  const ports = 16 + 2 * size;
  const ends = {
    peerHost: address(16),
    host: address(16 + size),
    peerPort: bytes.readUInt16BE(ports),
    port: bytes.readUInt16BE(ports + 2),
  };
  return { ends, length };
}

function written(octets: Buffer): string {
  if (octets.length === 4) return octets.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => octets.readUInt16BE(index * 2).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
