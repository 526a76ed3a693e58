/**
 * The protocol header that a client sends first (AMQP 0-9-1, 4.2.2). RabbitMQ answers every header but its own
 * with the version that it speaks, and closes; it still takes 0-9's header, and 0-8's.
 */
export const protocolHeader: Buffer = Buffer.from('AMQP\x00\x00\x09\x01', 'latin1');
export const protocolHeaderSize = 8;

export interface ProtocolVersion {
  major: number;
  minor: number;
  revision: number;
}

/** The version that connection.start announces in answer to the header; null when it is refused. */
export function versionOf(header: Buffer): ProtocolVersion | null {
  if (header.equals(protocolHeader)) return { major: 0, minor: 9, revision: 1 };
  if (header.equals(header09)) return { major: 0, minor: 9, revision: 0 };
  return null;
}

const header09 = Buffer.from('AMQP\x01\x01\x00\x09', 'latin1');
