/**
 * Type x-consistent-hash (plugin rabbitmq_consistent_hash_exchange): each message goes to one destination, chosen
 * by a hash of its routing key, of a header or of a property. A binding's key is its weight: so many buckets in a
 * row. Jump consistent hashing (Lamping and Veach, 2014) picks the bucket, so that a destination that comes or
 * goes at the end moves only its own share. As in RabbitMQ, of several bindings to one destination the first
 * counts, and the removal of any takes the destination out.
 */
import { AmqpError } from '../../protocol/amqp-error.js';
import { type FieldTable, field } from '../../protocol/field-table.js';
import { property } from '../../protocol/properties.js';
import type { Message } from '../message.js';
import { type BindingRow, keys } from '../metadata/rows.js';
import type { BindingIndex } from './binding-index.js';

const properties = {
  correlation_id: 'correlationId',
  message_id: 'messageId',
  timestamp: 'timestamp',
} as const;

interface Share<D> {
  target: string;
  destination: D;
  /** Bucket behind its last. */
  end: number;
  weight: number;
}

export class ConsistentHashIndex<D> implements BindingIndex<D> {
  readonly #bindings = new Set<string>();
  readonly #hashed: (message: Message) => string;
  #shares: Share<D>[] = [];

  constructor(table: FieldTable) {
    this.#hashed = hashedPart(table);
  }

  get size(): number {
    return this.#bindings.size;
  }

  add(binding: BindingRow, destination: D): void {
    this.#bindings.add(keys.binding(binding));
    const target = targetOf(binding);
    const known = this.#shares.find((share) => share.target === target);
    if (known !== undefined) known.destination = destination;
    else {
      this.#shares.push({ target, destination, end: 0, weight: weightOf(binding.routingKey) ?? 1 });
      this.#count();
    }
  }

  remove(binding: BindingRow): void {
    if (!this.#bindings.delete(keys.binding(binding))) return;
    const target = targetOf(binding);
    this.#shares = this.#shares.filter((share) => share.target !== target);
    this.#count();
  }

  collect(message: Message, routingKey: string, into: D[]): void {
    if (this.#shares.length === 0 || routingKey !== message.routingKey) return;
    const buckets = this.#shares.at(-1)!.end;
    const bucket = jump(hash(this.#hashed(message)), buckets);
    let low = 0;
    let high = this.#shares.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (bucket < this.#shares[middle]!.end) high = middle;
      else low = middle + 1;
    }
    into.push(this.#shares[low]!.destination);
  }

  #count(): void {
    let end = 0;
    for (const share of this.#shares) {
      end += share.weight;
      share.end = end;
    }
  }
}

/** exchange.declare; throws 406. */
export function checkHashArguments(table: FieldTable): void {
  const header = field(table, 'hash-header');
  const named = field(table, 'hash-property');
  if (header !== undefined && named !== undefined) {
    throw new AmqpError('PRECONDITION_FAILED', 'hash-header and hash-property are mutually exclusive');
  }
  if (header !== undefined && header.type !== 'S') {
    throw new AmqpError('PRECONDITION_FAILED', 'hash-header is not a long string');
  }
  if (named === undefined || Object.hasOwn(properties, String(named.value))) return;
  throw new AmqpError('PRECONDITION_FAILED', `Unsupported property: ${String(named.value)}`);
}

/** queue.bind and exchange.bind; throws 406. */
export function checkWeight(routingKey: string): void {
  const weight = weightOf(routingKey);
  if (weight === null) {
    const shown = routingKey === '' ? '<<>>' : `<<"${routingKey}">>`;
    throw new AmqpError('PRECONDITION_FAILED', `The binding key must be an integer: ${shown}`);
  }
  if (weight < 1) throw new AmqpError('PRECONDITION_FAILED', 'The binding key must be greater than 0');
}

function weightOf(routingKey: string): number | null {
  return /^[+-]?\d+$/.test(routingKey) ? Number(routingKey) : null;
}

function hashedPart(table: FieldTable): (message: Message) => string {
  const header = field(table, 'hash-header');
  if (header !== undefined) {
    const name = String(header.value);
    return ({ properties: bytes }) => {
      const value = field(property(bytes, 'headers') ?? [], name)?.value;
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
    };
  }
  const named = String(field(table, 'hash-property')?.value) as keyof typeof properties;
  const wanted = properties[named];
  if (wanted === undefined) return (message) => message.routingKey;
  return ({ properties: bytes }) => String(property(bytes, wanted));
}

const targetOf = ({ destinationKind, destination }: BindingRow) => `${destinationKind}\0${destination}`;

/** FNV-1a over UTF-16 units, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}

function jump(seed: number, buckets: number): number {
  let state = seed;
  let bucket = 0;
  for (let next = 0; next < buckets; ) {
    bucket = next;
    state = (state + 0x6d2b79f5) | 0;
    next = Math.floor((bucket + 1) / ((scrambled(state) + 1) / 0x1_0000_0000));
  }
  return bucket;
}

/** The finaliser of MurmurHash3: neighbouring states become unlike numbers. */
function scrambled(state: number): number {
  let value = state;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
