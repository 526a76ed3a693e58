/**
 * A pattern that a user wrote, tried on many names. Some patterns take longer than anybody lives for a name that
 * nearly matches, and while one is tried this node does nothing else; so all names together have a bound of time.
 */
import { createContext, Script } from 'node:vm';

const bound = 500;
const trial = new Script('names.map((name) => pattern.test(name))');

/** Name by name whether it matches; null when that takes too long. */
export function matching(pattern: RegExp, names: readonly string[]): boolean[] | null {
  try {
    return [...trial.runInContext(createContext({ pattern, names }), { timeout: bound })];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return null;
    throw error;
  }
}
