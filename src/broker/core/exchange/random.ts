import type { Message } from '../message.js';
import { type BindingRow, keys } from '../metadata/rows.js';
import type { BindingIndex } from './binding-index.js';

/** Type x-random (plugin rabbitmq_random_exchange): one binding, whichever, gets the message. */
export class RandomIndex<D> implements BindingIndex<D> {
  readonly #byKey = new Map<string, D>();
  #destinations: D[] | null = null;

  get size(): number {
    return this.#byKey.size;
  }

  add(binding: BindingRow, destination: D): void {
    this.#byKey.set(keys.binding(binding), destination);
    this.#destinations = null;
  }

  remove(binding: BindingRow): void {
    this.#byKey.delete(keys.binding(binding));
    this.#destinations = null;
  }

  collect(message: Message, routingKey: string, into: D[]): void {
    if (routingKey !== message.routingKey) return;
    this.#destinations ??= [...this.#byKey.values()];
    const destinations = this.#destinations;
    if (destinations.length > 0) into.push(destinations[Math.floor(Math.random() * destinations.length)]!);
  }
}
