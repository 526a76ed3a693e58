/**
 * Whether publishers may go on. The store asks them to wait while more is to be written than it should hold in
 * memory: whoever publishes then is not read until the store has caught up. No alarm: it takes milliseconds, and
 * nobody is told.
 */
export class Flow {
  stopped = false;
  #waiting: (() => void)[] = [];

  /** Calls back once when publishers may go on. */
  whenFree(callback: () => void): void {
    if (this.stopped) this.#waiting.push(callback);
    else callback();
  }

  set(stopped: boolean): void {
    this.stopped = stopped;
    if (stopped) return;
    for (const callback of this.#waiting.splice(0)) callback();
  }
}
