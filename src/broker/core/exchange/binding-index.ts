import type { Message } from '../message.js';
import type { BindingRow } from '../metadata/rows.js';

/** The bindings whose source is one exchange, indexed as its type routes. `D` is whatever stands at their other end. */
export interface BindingIndex<D> {
  add(binding: BindingRow, destination: D): void;
  remove(binding: BindingRow): void;
  /**
   * Appends the destinations that get `message` to `into`. One may come several times, through several
   * bindings; whoever delivers takes each once. `routingKey` is the message's own or one of its CC and BCC.
   */
  collect(message: Message, routingKey: string, into: D[]): void;
  /** How many bindings there are; an auto-delete exchange goes when the last one goes. */
  readonly size: number;
}
