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
 * Bindings match by the message's headers, not its routing key (AMQP 0-9-1, 3.1.3.4).
 *
 * A binding hangs on a header that a message must have for it: one of its fields where all must match, the one
 * on which the fewest others hang, and each of them where any will do. So only those are looked at that hang on
 * what the message has, and those whose fields cannot be looked up (no value, a table, a list). Publishers repeat
 * themselves: what the last property list led to is kept as long as no binding comes or goes.
 */
export class HeadersIndex<D> implements BindingIndex<D> {
  readonly #bindings = new Map<string, Binding<D>>();
  readonly #hanging = new Map<string, Set<Binding<D>>>();
  readonly #others = new Set<Binding<D>>();
  #lastProperties: Buffer | null = null;
  #lastFound: readonly D[] = [];

  get size(): number {
    return this.#bindings.size;
  }

  add(row: BindingRow, destination: D): void {
    this.remove(row);
    const pattern = patternOf(row.arguments);
    const binding = { pattern, destination, hooks: this.#hooksFor(pattern) };
    this.#bindings.set(keys.binding(row), binding);
    if (binding.hooks.length === 0) this.#others.add(binding);
    for (const hook of binding.hooks) {
      const hanging = this.#hanging.get(hook) ?? new Set();
      this.#hanging.set(hook, hanging.add(binding));
    }
  }

  remove(row: BindingRow): void {
    this.#lastProperties = null;
    const key = keys.binding(row);
    const binding = this.#bindings.get(key);
    if (binding === undefined) return;
    this.#bindings.delete(key);
    this.#others.delete(binding);
    for (const hook of binding.hooks) {
      const hanging = this.#hanging.get(hook);
      hanging?.delete(binding);
      if (hanging?.size === 0) this.#hanging.delete(hook);
    }
  }

  collect(message: Message, _routingKey: string, into: D[]): void {
    if (this.#bindings.size === 0) return;
    if (message.properties !== this.#lastProperties) {
      this.#lastFound = this.#find(headersOf(message));
      this.#lastProperties = message.properties;
    }
    for (const destination of this.#lastFound) into.push(destination);
  }

  #find(headers: Map<string, FieldValue>): D[] {
    const found: D[] = [];
    const look = (bindings: Iterable<Binding<D>>) => {
      for (const { pattern, destination } of bindings) if (matches(pattern, headers)) found.push(destination);
    };
    look(this.#others);
    for (const [name, header] of headers) {
      const hook = hookOf(name, header);
      const hanging = hook === null ? undefined : this.#hanging.get(hook);
      if (hanging !== undefined) look(hanging);
    }
    return found;
  }

  /** None: it is looked at for every message. */
  #hooksFor({ any, fields }: Pattern): string[] {
    const hooks = fields.map((wanted) => hookOf(wanted.key, wanted)).filter((hook) => hook !== null);
    if (any) return hooks.length === fields.length ? hooks : [];
    const crowd = (hook: string) => this.#hanging.get(hook)?.size ?? 0;
    return hooks.sort((one, other) => crowd(one) - crowd(other)).slice(0, 1);
  }
}

interface Binding<D> {
  readonly pattern: Pattern;
  readonly destination: D;
  readonly hooks: readonly string[];
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

/** A void in the pattern asks only that the header is there; otherwise the values must be equal, as Erlang has it. */
function agree(wanted: FieldValue, header: FieldValue): boolean {
  if (wanted.type === 'V') return true;
  if (kindOf(wanted.type) !== kindOf(header.type)) return false;
  return equal(wanted.value, header.value);
}

/** Fields that agree have the same; null for values that are not looked up. */
function hookOf(name: string, { type, value }: FieldValue): string | null {
  if (value === null || (typeof value === 'object' && !Buffer.isBuffer(value))) return null;
  return `${name}\0${kindOf(type)}\0${value}`;
}

/** A number is a number in whichever type it came, a time stamp too, and a text is its octets. */
function kindOf(type: FieldValue['type']): string {
  if ('bBsuIilTfd'.includes(type)) return 'number';
  return 'Sx'.includes(type) ? 'octets' : type;
}

function equal(one: FieldValue['value'], other: FieldValue['value']): boolean {
  if (typeof one === 'bigint' || typeof other === 'bigint') return String(one) === String(other);
  if (isOctets(one) && isOctets(other)) return Buffer.from(one).equals(Buffer.from(other));
  if (typeof one !== 'object' || one === null) return one === other;
  return JSON.stringify(one, plain) === JSON.stringify(other, plain);
}

function isOctets(value: FieldValue['value']): value is Buffer {
  return Buffer.isBuffer(value) || typeof value === 'string';
}

const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
