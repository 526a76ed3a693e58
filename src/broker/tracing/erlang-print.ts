/**
 * Lays a term out in lines of 80 columns, as Erlang's `~p` does. Every function takes the column (from 1) at
 * which it writes; `closing` counts the brackets that must fit behind what is written last, `width` the
 * characters that stand on the line since its indentation: a line never holds more than the whole term would.
 */
import type { Term } from './erlang-term.js';

const lineLength = 80;

/** `column`: how many characters stand before it on its line. */
export function printTerm(term: Term, column: number): string {
  const at = column + 1;
  if (term.length < lineLength - at) return flat(term);
  for (const step of [Number.POSITIVE_INFINITY, 4]) {
    const text = new Layout(step, true, term.length).term(term, at, column, 0, 0);
    if (text !== null) return text;
  }
  return new Layout(1, false, term.length).term(term, at, column, 0, 0) as string;
}

function flat(term: Term): string {
  if (term.kind === 'text' || term.kind === 'bytes') return term.text;
  const inner = term.items.map(flat).join(',');
  return term.kind === 'list' ? `[${inner}]` : `{${inner}}`;
}

interface Written {
  text: string;
  width: number;
}

/** All of it is null when the tags push what follows them too far to the right. */
class Layout {
  constructor(
    /** How far what follows a tag is indented at most. */
    private readonly step: number,
    private readonly strict: boolean,
    /** The most characters on one line. */
    private readonly most: number,
  ) {}

  term(term: Term, column: number, indent: number, closing: number, width: number): string | null {
    if (this.#fits(term.length, column, closing, width)) return flat(term);
    if (term.kind === 'text') return term.text;
    if (term.kind === 'bytes') return this.#bytes(term.text, column + 2, indent + 2, closing, width);
    const [open, close] = term.kind === 'list' ? '[]' : '{}';
    const inner = term.tagged
      ? this.#tagged(term.items, column, indent, closing, width + 1)
      : this.#items(term.items, column + 1, indent + 1, closing, width + 1);
    return inner === null ? null : `${open}${inner}${close}`;
  }

  #fits(length: number, column: number, closing: number, width: number): boolean {
    return length < lineLength - column - closing && length + width + closing <= this.most;
  }

  #tagged(items: Term[], column: number, indent: number, closing: number, width: number): string | null {
    const [tag, ...rest] = items as [Term, ...Term[]];
    const behind = tag.length + 2;
    if (behind > this.step) {
      const start = column + this.step;
      if (this.strict && this.most + start > lineLength && start > lineLength / 2) return null;
      const after = this.#tail(rest, start, column + behind, indent + this.step, closing, width + tag.length);
      return after === null ? null : flat(tag) + after;
    }
    const start = column + behind;
    if (this.strict && this.most + start >= lineLength && start >= lineLength / 2) return null;
    const after = this.#items(rest, start, indent + behind, closing, width + tag.length + 1);
    return after === null ? null : `${flat(tag)},${after}`;
  }

  #items(items: Term[], start: number, indent: number, closing: number, width: number): string | null {
    const [first, ...rest] = items as [Term, ...Term[]];
    const written = this.#element(first, start, indent, rest.length > 0 ? 0 : closing + 1, width);
    if (written === null) return null;
    const at = start + written.width;
    const after = this.#tail(rest, start, at, indent, closing, width + written.width);
    return after === null ? null : written.text + after;
  }

  #tail(
    items: Term[],
    start: number,
    from: number,
    indent: number,
    closing: number,
    before: number,
  ): string | null {
    let text = '';
    let column = from;
    let width = before;
    for (const [index, item] of items.entries()) {
      const last = index === items.length - 1 ? closing + 1 : 0;
      const length = item.length + 1;
      // Before another element there must be room for its comma.
      if (item.kind === 'text' && this.#fits(length, column, last === 0 ? 1 : last, width)) {
        text += `,${item.text}`;
        column += length;
        width += length;
        continue;
      }
      const written = this.#element(item, start, indent, last, 0);
      if (written === null) return null;
      text += `,\n${' '.repeat(indent)}${written.text}`;
      column = start + written.width;
      width = written.width;
    }
    return text;
  }

  /** After what is not a plain word the line is full. */
  #element(item: Term, column: number, indent: number, closing: number, width: number): Written | null {
    if (item.kind === 'text' && this.#fits(item.length, column, closing, width)) {
      return { text: item.text, width: item.length };
    }
    const text = this.term(item, column, indent, closing, width);
    return text === null ? null : { text, width: lineLength };
  }

  #bytes(text: string, column: number, indent: number, closing: number, width: number): string {
    const room = Math.max(8, Math.min(lineLength - column, this.most - 4 - width) - closing);
    const numbers = text.slice(2, -2).split(',');
    let line = '';
    const lines: string[] = [];
    for (const [index, number] of numbers.entries()) {
      const piece = index < numbers.length - 1 ? `${number},` : number;
      if (line.length + piece.length > room) {
        lines.push(line);
        line = '';
      }
      line += piece;
    }
    return `<<${[...lines, line].join(`\n${' '.repeat(indent)}`)}>>`;
  }
}
