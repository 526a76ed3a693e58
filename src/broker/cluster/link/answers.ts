/** What this node answers to calls, by name. */
import type { Link } from './link.js';

/** `link` is null when this node asks itself. */
export type Handler = (args: never, from: string, link: Link | null) => Promise<unknown> | unknown;

export class Answers {
  readonly #handlers = new Map<string, Handler>();

  set(name: string, handler: Handler): void {
    this.#handlers.set(name, handler);
  }

  async give(name: string, args: unknown, from: string, link: Link | null): Promise<unknown> {
    const handler = this.#handlers.get(name);
    if (handler === undefined) {
      throw Object.assign(new Error(`${name} is not answered here`), { code: 'undef' });
    }
    return handler(args as never, from, link);
  }
}
