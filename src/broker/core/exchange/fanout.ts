import type { Message } from '../message.js';
import type { BindingRow } from '../metadata/rows.js';
import type { BindingIndex } from './binding-index.js';
import { BindingSet } from './binding-set.js';

/** Every binding matches, whatever the routing keys (AMQP 0-9-1, 3.1.3.2). */
export class FanoutIndex<D> implements BindingIndex<D> {
  readonly #bindings = new BindingSet<D>();

  get size(): number {
    return this.#bindings.size;
  }

  add(binding: BindingRow, destination: D): void {
    this.#bindings.add(binding, destination);
  }

  remove(binding: BindingRow): void {
    this.#bindings.remove(binding);
  }

  collect(_message: Message, _routingKey: string, into: D[]): void {
    this.#bindings.collect(into);
  }
}
