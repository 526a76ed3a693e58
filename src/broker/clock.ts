import type { Clock } from './core/ports.js';

/** setTimeout's longest delay; a longer one fires at once (Node's own rule). */
const longest = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const deadline = Date.now() + ms;
    let timer = setTimeout(wake, Math.min(ms, longest));
    return () => clearTimeout(timer);

    function wake(): void {
      const left = deadline - Date.now();
      if (left > 0) timer = setTimeout(wake, Math.min(left, longest));
      else callback();
    }
  },
};
