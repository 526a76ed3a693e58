/**
 * Logins that fail are slowed down, so that guessing passwords is: a name tried from one address may fail a few
 * times, then each failure is told a second late, and while many wait, further tries are turned away unread. A
 * right password is never late unless its name is under attack from the same address. Failures are forgiven one
 * a second; names without any are forgotten, and no more than a bound are remembered.
 */
import type { Clock } from '../../core/ports.js';
import { Refusal } from './refusal.js';

const free = 10;
const forgivenEach = 1_000;
const delay = 1_000;
const mostWaiting = 20;
const mostNames = 1_000;

interface Failures {
  count: number;
  since: number;
  waiting: number;
}

export class LoginThrottle {
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Throws a Refusal (429) while too many tries of the same wait. */
  async guard<T>(user: string, peer: string, login: () => T): Promise<T> {
    const key = `${peer}\0${user}`;
    if ((this.#failures.get(key)?.waiting ?? 0) >= mostWaiting) {
      const reason = 'Too many failed logins';
      throw new Refusal(429, { error: 'too_many_requests', reason }, { 'retry-after': '1' });
    }
    try {
      return login();
    } catch (error) {
      await this.#failed(key);
      throw error;
    }
  }

  async #failed(key: string): Promise<void> {
    const failures = this.#forgiven(key);
    failures.count++;
    if (failures.count <= free) return;
    failures.waiting++;
    await new Promise<void>((resolve) => this.#clock.after(delay, resolve));
    failures.waiting--;
  }

  #forgiven(key: string): Failures {
    const now = this.#clock.now();
    const known = this.#failures.get(key) ?? { count: 0, since: now, waiting: 0 };
    const forgiven = Math.floor((now - known.since) / forgivenEach);
    known.count = Math.max(0, known.count - forgiven);
    known.since += forgiven * forgivenEach;
    // Newest last: the oldest is forgotten first.
    this.#failures.delete(key);
    this.#failures.set(key, known);
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > mostNames && oldest !== undefined) this.#failures.delete(oldest);
    return known;
  }
}
