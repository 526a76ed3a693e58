import type { Clock } from '../ports.js';
import { Timer } from './timer.js';

/** How long a queue has been without use, and its end by x-expires. A queue with consumers is in use. */
export class Idleness {
  /** Milliseconds since 1970. */
  since: number;
  readonly #timer: Timer;

  constructor(
    private readonly clock: Clock,
    expire: () => void,
  ) {
    this.since = clock.now();
    this.#timer = new Timer(clock, expire);
  }

  /** It was used just now; `expires` in milliseconds, Infinity when it never does. */
  begin(expires: number, isInUse: boolean): void {
    this.since = this.clock.now();
    if (expires === Number.POSITIVE_INFINITY) this.end();
    else if (!isInUse) this.#timer.restart(expires);
  }

  end(): void {
    this.#timer.stop();
  }
}
