import type { FieldTable, FieldValue } from '../../protocol/field-table.js';
import { field } from '../../protocol/field-table.js';
import { property } from '../../protocol/properties.js';
import type { Message } from '../message.js';
import type { BindingRow } from '../metadata/rows.js';
import { keys } from '../metadata/rows.js';
import type { BindingIndex } from './binding-index.js';

/** `all`, `any` leave out headers that begin with x-; the `-with-x` forms leave out x-match only. */
export const headersMatches = ['all', 'any', 'all-with-x', 'any-with-x'] as const;

/**
 * Bindings match by the message's headers, not its routing key (AMQP 0-9-1, 3.1.3.4). Every binding is looked
 * at for every message, with the message's headers decoded once.
 */
export class HeadersIndex<D> implements BindingIndex<D> {
  readonly #bindings = new Map<string, { pattern: Pattern; destination: D }>();

  get size(): number {
    return this.#bindings.size;
  }

  add(binding: BindingRow, destination: D): void {
    this.#bindings.set(keys.binding(binding), { pattern: patternOf(binding.arguments), destination });
  }

  remove(binding: BindingRow): void {
    this.#bindings.delete(keys.binding(binding));
  }

  collect(message: Message, _routingKey: string, into: D[]): void {
    if (this.#bindings.size === 0) return;
    const headers = headersOf(message);
    for (const { pattern, destination } of this.#bindings.values()) {
      if (matches(pattern, headers)) into.push(destination);
    }
  }
}

interface Pattern {
  any: boolean;
  fields: FieldTable;
}

function patternOf(args: FieldTable): Pattern {
  const kind = String(field(args, 'x-match')?.value ?? 'all');
  const withX = kind.endsWith('-with-x');
  return {
    any: kind.startsWith('any'),
    fields: args.filter(({ key }) => (withX ? key !== 'x-match' : !key.startsWith('x-'))),
  };
}

function headersOf(message: Message): Map<string, FieldValue> {
  return new Map((property(message.properties, 'headers') ?? []).map((header) => [header.key, header]));
}

/** An empty pattern matches everything under `all` and nothing under `any`. */
function matches({ any, fields }: Pattern, headers: Map<string, FieldValue>): boolean {
  for (const wanted of fields) {
    const header = headers.get(wanted.key);
    if ((header !== undefined && agree(wanted, header)) === any) return any;
  }
  return !any;
}

/** A void in the pattern asks only that the header is there; otherwise class of type and value must be equal. */
function agree(wanted: FieldValue, header: FieldValue): boolean {
  if (wanted.type === 'V') return true;
  if (typeClass(wanted.type) !== typeClass(header.type)) return false;
  return equal(wanted.value, header.value);
}

function typeClass(type: FieldValue['type']): string {
  if ('bBsuIilLD'.includes(type)) return 'integer';
  return 'fd'.includes(type) ? 'float' : type;
}

function equal(one: unknown, other: unknown): boolean {
  if (typeof one === 'bigint' || typeof other === 'bigint') return String(one) === String(other);
  if (Buffer.isBuffer(one)) return Buffer.isBuffer(other) && one.equals(other);
  if (typeof one !== 'object' || one === null) return one === other;
  return JSON.stringify(one, plain) === JSON.stringify(other, plain);
}

const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
