/**
 * Erlang terms as they are written in an enabled_plugins file (`[rabbitmq_management].`) and behind the flags of
 * RABBITMQ_SERVER_START_ARGS (`[{port,15673}]`): atoms, numbers, strings, binaries, lists and tuples.
 */
export class Atom {
  constructor(readonly name: string) {}
}

export class Tuple {
  constructor(readonly elements: Term[]) {}
}

export type Term = Atom | Tuple | number | string | Term[];

/** Reads one term; `full stop` at its end is optional. Throws SyntaxError with the place. */
export function parseTerm(source: string): Term {
  const reader = new TermReader(source.replace(/%[^\n]*/g, ''));
  return reader.whole();
}

class TermReader {
  #at = 0;
  constructor(readonly source: string) {}

  whole(): Term {
    const term = this.#term();
    this.#skip();
    if (this.source[this.#at] === '.') this.#at++;
    this.#skip();
    if (this.#at < this.source.length) this.#fail('the end');
    return term;
  }

  #term(): Term {
    this.#skip();
    const rest = this.source.slice(this.#at);
    if (rest.startsWith('[')) return this.#sequence(']');
    if (rest.startsWith('{')) return new Tuple(this.#sequence('}'));
    return (
      this.#take(/^<<"((?:[^"\\]|\\.)*)"(?:\/utf8)?>>/, ([, body]) => unescaped(body!)) ??
      this.#take(/^"((?:[^"\\]|\\.)*)"/, ([, body]) => unescaped(body!)) ??
      this.#take(/^<<>>/, () => '') ??
      this.#take(/^'((?:[^'\\]|\\.)*)'/, ([, body]) => new Atom(unescaped(body!))) ??
      this.#take(/^-?\d+(?:\.\d+)?(?:[eE]-?\d+)?/, ([digits]) => Number(digits)) ??
      this.#take(/^[a-z][A-Za-z0-9_@]*/, ([name]) => new Atom(name)) ??
      this.#fail('a term')
    );
  }

  #take(pattern: RegExp, make: (match: RegExpExecArray) => Term): Term | undefined {
    const match = pattern.exec(this.source.slice(this.#at));
    if (!match) return undefined;
    this.#at += match[0].length;
    return make(match);
  }

  #sequence(close: string): Term[] {
    this.#at++;
    const elements: Term[] = [];
    this.#skip();
    while (this.source[this.#at] !== close) {
      elements.push(this.#term());
      this.#skip();
      if (this.source[this.#at] === ',') this.#at++;
      else if (this.source[this.#at] !== close) this.#fail(`"," or "${close}"`);
    }
    this.#at++;
    return elements;
  }

  #skip(): void {
    while (/\s/.test(this.source[this.#at] ?? '')) this.#at++;
  }

  #fail(expected: string): never {
    const found = this.source.slice(this.#at, this.#at + 12) || 'the end';
    throw new SyntaxError(
      `expected ${expected} at character ${this.#at + 1}, found ${JSON.stringify(found)}`,
    );
  }
}

function unescaped(body: string): string {
  return body.replace(
    /\\(.)/g,
    (_, character: string) => ({ n: '\n', t: '\t', r: '\r' })[character] ?? character,
  );
}
