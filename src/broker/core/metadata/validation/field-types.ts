import type { FieldValue } from '../../../protocol/field-table.js';

/** RabbitMQ's names of the field types, as they stand in its refusals. */
const typeNames: Record<FieldValue['type'], string> = {
  t: 'bool',
  b: 'byte',
  B: 'unsignedbyte',
  s: 'short',
  u: 'unsignedshort',
  I: 'signedint',
  i: 'unsignedint',
  l: 'long',
  f: 'float',
  d: 'double',
  T: 'timestamp',
  D: 'decimal',
  S: 'longstr',
  x: 'binary',
  A: 'array',
  F: 'table',
  V: 'void',
};

const integers = new Set('bBsuIil');

export function typeName(value: FieldValue): string {
  return typeNames[value.type];
}

/** The number of an integer field, all its digits; null for every other type. */
export function exactIntegerOf(value: FieldValue): number | bigint | null {
  return integers.has(value.type) ? (value.value as number | bigint) : null;
}

/** The same as a number that can be counted with. */
export function integerOf(value: FieldValue): number | null {
  const exact = exactIntegerOf(value);
  return exact === null ? null : Number(exact);
}

export function stringOf(value: FieldValue): string | null {
  return value.type === 'S' ? String(value.value) : null;
}

/** A value inside a refusal. */
export function shown(value: FieldValue): string {
  if (value.type === 'F' || value.type === 'A') return JSON.stringify(value.value);
  if (value.type === 'V') return 'undefined';
  const fraction = (value.type === 'f' || value.type === 'd') && Number.isInteger(value.value);
  return fraction ? `${value.value}.0` : String(value.value);
}

/** Equal as RabbitMQ compares arguments: integers of any width are one type. */
export function sameValue(a: FieldValue, b: FieldValue): boolean {
  const typeClass = (value: FieldValue) => (integers.has(value.type) ? 'int' : value.type);
  return typeClass(a) === typeClass(b) && content(a) === content(b);
}

function content(value: FieldValue): string {
  return JSON.stringify(value.value, (_key, each) => (typeof each === 'bigint' ? each.toString() : each));
}
