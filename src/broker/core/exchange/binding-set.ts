import { type BindingRow, keys } from '../metadata/rows.js';

/**
 * Bindings that match alike, and their destinations as a list that is built once a change, each once: routing
 * reads far more often than bindings change.
 */
export class BindingSet<D> {
  readonly #byKey = new Map<string, D>();
  #destinations: D[] | null = null;

  get size(): number {
    return this.#byKey.size;
  }

  get destinations(): readonly D[] {
    this.#destinations ??= [...new Set(this.#byKey.values())];
    return this.#destinations;
  }

  /** False when that very binding was there already (its destination is replaced). */
  add(binding: BindingRow, destination: D): boolean {
    const key = keys.binding(binding);
    const added = !this.#byKey.has(key);
    this.#byKey.set(key, destination);
    this.#destinations = null;
    return added;
  }

  /** False when there was no such binding. */
  remove(binding: BindingRow): boolean {
    this.#destinations = null;
    return this.#byKey.delete(keys.binding(binding));
  }

  collect(into: D[]): void {
    const destinations = this.destinations;
    for (let index = 0; index < destinations.length; index++) into.push(destinations[index]!);
  }
}
