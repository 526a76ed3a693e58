/** Field tables octet by octet, in every type that RabbitMQ reads. */
import { frame } from './codec.js';

export type Field = readonly [name: string, type: string, hex: string];

/** The fields' values behind their size. */
export function table(...fields: Field[]): Buffer {
  const body = Buffer.concat(
    fields.flatMap(([name, type, hex]) => [
      Buffer.from([Buffer.byteLength(name)]),
      Buffer.from(name + type),
      Buffer.from(hex, 'hex'),
    ]),
  );
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.length);
  return Buffer.concat([size, body]);
}

/** One value of every type. */
export const everyType: readonly Field[] = [
  ['boolean', 't', '01'],
  ['signed-8', 'b', 'fe'],
  ['unsigned-8', 'B', 'fe'],
  ['signed-16', 's', 'fffe'],
  ['unsigned-16', 'u', 'fffe'],
  ['signed-32', 'I', 'fffffffe'],
  ['unsigned-32', 'i', 'fffffffe'],
  ['signed-64', 'l', '8000000000000001'],
  ['long', 'L', '8000000000000001'],
  ['float', 'f', '3fc00000'],
  ['double', 'd', '3ff8000000000000'],
  ['decimal', 'D', '0200000101'],
  ['long-string', 'S', '00000003616263'],
  ['array', 'A', '00000006530000000161'],
  ['timestamp', 'T', '000000006553f100'],
  ['table', 'F', '0000000a036b6579530000000178'],
  ['void', 'V', ''],
  ['bytes', 'x', '00000002cafe'],
];

/** A header frame of class basic on channel 1, with nothing but headers. */
export function headersFrame(bodySize: number, headers: Buffer): Buffer {
  const head = Buffer.alloc(14);
  head.writeUInt16BE(60, 0);
  head.writeBigUInt64BE(BigInt(bodySize), 4);
  head.writeUInt16BE(0x2000, 12);
  return frame(2, 1, Buffer.concat([head, headers]));
}
