/**
 * Patterns that users write, of policies, permissions and lists: matched anywhere in a name. Some patterns take
 * longer than anybody lives for a name that nearly matches, and while one is tried this node does nothing else.
 * So V8 goes over to its engine of linear time where one backtracks too often; what that engine does not know
 * (looking ahead or back, backreferences, ignoring case) is tried as it stands where it is too simple to take
 * long, and otherwise under a bound of time. A pattern that once exceeded it matches nothing from then on, as
 * PCRE's match limit has it in RabbitMQ.
 */
import { setFlagsFromString } from 'node:v8';
import { createContext, Script } from 'node:vm';
import { fromPcre } from './pcre.js';

setFlagsFromString('--enable-experimental-regexp-engine');
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');

/** Milliseconds, for all names that are tried at once. */
const bound = 500;
const trial = new Script('names.map((name) => pattern.test(name))');

export class Pattern {
  readonly #expression: RegExp;
  readonly #quick: boolean;
  #tooSlow = false;

  /** Throws SyntaxError. */
  constructor(pattern: string) {
    this.#expression = fromPcre(pattern);
    this.#quick = isLinear(this.#expression) || isSimple(this.#expression.source);
  }

  test(name: string): boolean {
    if (this.#quick) return this.#expression.test(name);
    if (this.#tooSlow) return false;
    const found = matching(this.#expression, [name]);
    this.#tooSlow = found === null;
    return found?.[0] ?? false;
  }
}

/** Name by name whether it matches; null when that takes too long. */
export function matching(pattern: RegExp, names: readonly string[]): boolean[] | null {
  try {
    return [...trial.runInContext(createContext({ pattern, names }), { timeout: bound })];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return null;
    throw error;
  }
}

function isLinear({ source, flags }: RegExp): boolean {
  try {
    return new RegExp(source, `${flags}l`).source !== '';
  } catch {
    return false;
  }
}

/** One quantifier at most, not of a group, and few alternatives, such as `^(?!amq\.).*`: squares of a name's length. */
function isSimple(source: string): boolean {
  const bare = source.replace(/\\[^\d]|\[(?:\\.|[^\]\\])*\]/g, 'x').replace(/\(\?(?:<?[=!]|:)/g, '(');
  const quantifiers = bare.match(/[*+?{]/g) ?? [];
  const choices = bare.match(/\|/g) ?? [];
  return quantifiers.length <= 1 && choices.length <= 8 && !/\)[*+?{]|\\\d/.test(bare);
}
