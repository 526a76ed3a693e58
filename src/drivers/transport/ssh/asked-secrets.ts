import type { SecretQuestion } from './target.js';

/**
 * What the user was asked and answered, kept for this run only. Hosts come side
 * by side with the same question: it is asked once, and questions stand one
 * after the other on the terminal. An answer that proves wrong is forgotten,
 * unless a newer one has taken its place already.
 */
export class AskedSecrets {
  readonly #ask: ((question: SecretQuestion) => Promise<string>) | undefined;
  readonly #answers = new Map<string, Promise<string>>();
  readonly #wrong = new Map<string, number>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(ask: ((question: SecretQuestion) => Promise<string>) | undefined) {
    this.#ask = ask;
  }

  get canAsk(): boolean {
    return this.#ask !== undefined;
  }

  /** The answer; nothing when nobody can be asked, or when it was wrong too often. */
  async answer(kind: SecretQuestion['kind'], text: string): Promise<string | undefined> {
    const known = this.#answers.get(text);
    if (known) return known;
    const wrong = this.#wrong.get(text) ?? 0;
    if (!this.#ask || wrong >= triesAllowed) return undefined;
    const asked = this.once(kind, text, wrong);
    this.#answers.set(text, asked as Promise<string>);
    return asked;
  }

  /** Asked each time: a code that is good for one login. */
  async once(kind: SecretQuestion['kind'], text: string, wrong = 0): Promise<string | undefined> {
    const ask = this.#ask;
    if (!ask) return undefined;
    const asked = this.#last.then(() => ask({ kind, text, wrong }));
    this.#last = asked.catch(() => {});
    return asked;
  }

  async forget(text: string, answer: string): Promise<void> {
    const kept = await this.#answers.get(text)?.catch(() => undefined);
    if (kept !== answer) return;
    this.#answers.delete(text);
    this.#wrong.set(text, (this.#wrong.get(text) ?? 0) + 1);
  }
}

const triesAllowed = 3;
