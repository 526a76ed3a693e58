/** What this node answers to calls, by name. */
import type { Link } from './link.js';

export type Handler = (args: never, from: string, link: Link) => Promise<unknown> | unknown;

export class Answers {
  readonly #handlers = new Map<string, Handler>();

  set(name: string, handler: Handler): void {
    this.#handlers.set(name, handler);
  }

  async give(name: string, args: unknown, link: Link): Promise<unknown> {
    const handler = this.#handlers.get(name);
    if (handler === undefined) {
      throw Object.assign(new Error(`${name} is not answered here`), { code: 'undef' });
    }
    return handler(args as never, link.far.name, link);
  }
}
