/**
 * Patterns are written for PCRE and tried by JavaScript's engine. What the two only spell differently is spelt anew:
 * options at the beginning (`(?i)`), classes such as `[:alpha:]`, a `]` that stands first in its class, the ends of
 * the name (`\A`, `\Z`), named groups, comments. What only PCRE has (`a++`, `(?>a)`, recursion) is left, and refused.
 */
const posix: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
};
const escapes: Readonly<Record<string, string>> = {
  A: '^',
  z: '$',
  Z: '$',
  h: '[ \\t]',
  a: '\\x07',
  e: '\\x1b',
};
const part = /\[(\^?)(\]?)((?:\[:\^?\w+:\]|\\.|[^\]\\])*)\]|\\(.)|\(\?#[^)]*\)|\(\?P</gsu;

/** Throws SyntaxError. `flags` besides those that the pattern asks for. */
export function fromPcre(pattern: string, flags = ''): RegExp {
  const [all, start = '', options = ''] = /^(\^?)\(\?([ims]+)\)/.exec(pattern) ?? [''];
  const source = start + pattern.slice(all.length).replace(part, spelt);
  return new RegExp(source, [...new Set(flags + options)].join(''));
}

function spelt(text: string, not?: string, bracket?: string, content?: string, escaped?: string): string {
  if (content !== undefined) return `[${not}${bracket === '' ? '' : '\\]'}${classOf(content)}]`;
  if (escaped !== undefined) return escapes[escaped] ?? text;
  return text === '(?P<' ? '(?<' : '';
}

function classOf(content: string): string {
  const spelled = content.replace(/\[:(\^?\w+):\]/g, (text, name: string) => {
    const set = posix[name];
    if (set === undefined) throw new SyntaxError(`Invalid regular expression: ${text} is no class`);
    return set;
  });
  return spelled.replace(/\\h/g, ' \\t');
}
