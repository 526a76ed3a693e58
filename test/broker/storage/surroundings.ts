/** A clock and loggers for the tests of the stores. */
import type { Clock, Logger } from '../../../src/broker/core/ports.js';

export const wallClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

export const quietLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warning: () => undefined,
  error: () => undefined,
};

export function listeningLogger(): Logger & { lines: string[] } {
  const lines: string[] = [];
  const say = (level: string) => (line: string) => {
    lines.push(`${level}: ${line}`);
  };
  return { lines, debug: say('debug'), info: say('info'), warning: say('warning'), error: say('error') };
}
