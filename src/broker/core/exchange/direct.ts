import type { Message } from '../message.js';
import type { BindingRow } from '../metadata/rows.js';
import type { BindingIndex } from './binding-index.js';
import { BindingSet } from './binding-set.js';

/** A binding matches when its key is the message's, letter for letter (AMQP 0-9-1, 3.1.3.1). */
export class DirectIndex<D> implements BindingIndex<D> {
  readonly #byRoutingKey = new Map<string, BindingSet<D>>();
  size = 0;

  add(binding: BindingRow, destination: D): void {
    let set = this.#byRoutingKey.get(binding.routingKey);
    if (set === undefined) {
      set = new BindingSet();
      this.#byRoutingKey.set(binding.routingKey, set);
    }
    if (set.add(binding, destination)) this.size++;
  }

  remove(binding: BindingRow): void {
    const set = this.#byRoutingKey.get(binding.routingKey);
    if (set === undefined || !set.remove(binding)) return;
    this.size--;
    if (set.size === 0) this.#byRoutingKey.delete(binding.routingKey);
  }

  collect(_message: Message, routingKey: string, into: D[]): void {
    this.#byRoutingKey.get(routingKey)?.collect(into);
  }
}
