import { inspect } from 'node:util';

/**
 * Where a secret is to be found. The value itself is looked up only where it
 * is used (`resolve-secret.ts`), so a cluster file, a plan or a log can hold
 * and show a reference without giving anything away.
 */
export type Secret =
  | { readonly from: 'env'; readonly name: string }
  | { readonly from: 'file'; readonly path: string }
  /** Made at the first apply, and kept where it is used: on the hosts. */
  | { readonly from: 'generate' }
  /** Written out in the file: allowed for clusters on this machine alone. */
  | { readonly from: 'text'; readonly text: SecretText };

/** A secret's value: whatever prints it, serialises it or puts it into a sentence gets stars. */
export class SecretText {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one place that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [inspect.custom](): string {
    return '***';
  }
}

/** A reference as it is written in a cluster file; `undefined` when the text is none. */
export function parseSecret(text: string): Secret | undefined {
  if (text === 'generate') return { from: 'generate' };
  const [, from, rest] = /^(env|file):(.+)$/s.exec(text) ?? [];
  if (from === 'env') return /^[A-Za-z_][A-Za-z0-9_]*$/.test(rest!) ? { from, name: rest! } : undefined;
  return from === 'file' ? { from, path: rest! } : undefined;
}
