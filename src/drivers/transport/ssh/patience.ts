/**
 * How long one step of a connection may take. The clock starts anew with each
 * step, and stands still while a person is asked something.
 */
export class Patience {
  readonly #ms: number;
  readonly #giveUp: (reason: string) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number, giveUp: (reason: string) => void) {
    this.#ms = ms;
    this.#giveUp = giveUp;
  }

  /** A step begins: `missing` is what has not come if it takes too long. */
  expect(missing: string): void {
    this.stop();
    this.#timer = setTimeout(() => this.#giveUp(`${missing} within ${this.#ms / 1000} s`), this.#ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
