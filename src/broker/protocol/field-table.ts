/**
 * Field tables as RabbitMQ sees them: an ordered list of typed fields, so that what was read is written back
 * byte for byte (order, duplicates and numeric widths included). RabbitMQ's types, not the specification's:
 * https://www.rabbitmq.com/amqp-0-9-1-errata.html#section_3
 */
export type FieldValue =
  | { type: 't'; value: boolean }
  /** b B s u I i: 8, 8u, 16, 16u, 32, 32u bits; f d: floats; T: seconds since 1970; l (which L is too) beyond 2^53 as bigint. */
  | { type: 'b' | 'B' | 's' | 'u' | 'I' | 'i' | 'f' | 'd'; value: number }
  | { type: 'l' | 'T'; value: number | bigint }
  | { type: 'D'; value: { scale: number; unscaled: number } }
  /** A long string; a Buffer where the bytes are not UTF-8. */
  | { type: 'S'; value: string | Buffer }
  | { type: 'x'; value: Buffer }
  | { type: 'A'; value: FieldValue[] }
  | { type: 'F'; value: FieldTable }
  | { type: 'V'; value: null };

export type Field = FieldValue & { key: string };
export type FieldTable = Field[];

export function field(table: FieldTable, key: string): Field | undefined {
  return table.find((entry) => entry.key === key);
}
