/**
 * Erlang terms as its `~p` prints them, which is how text logs show properties: on one line where there is room
 * (80 columns), else a list's elements below each other, and what follows a tuple's tag indented behind the tag,
 * or by 4, or by 1, as far as the line allows. Bytes are characters of latin-1, as Erlang writes them.
 */
import { typeName } from '../core/metadata/validation/field-types.js';
import type { FieldTable, FieldValue } from '../protocol/field-table.js';
import { erlangFloat } from './erlang-float.js';

/** A term with the length it has on one line. `bytes`: a binary that is written as numbers. */
export type Term =
  | { kind: 'text'; text: string; length: number }
  | { kind: 'bytes'; text: string; length: number }
  | { kind: 'list' | 'tuple'; items: Term[]; tagged: boolean; length: number };

export function tableTerm(table: FieldTable): Term {
  return list(
    table.map((entry) =>
      tuple([binary(Buffer.from(entry.key)), word(typeName(entry)), valueTerm(entry)], false),
    ),
  );
}

export const textsTerm = (texts: readonly string[]): Term =>
  list(texts.map((each) => binary(Buffer.from(each))));

function valueTerm(value: FieldValue): Term {
  switch (value.type) {
    case 'F':
      return tableTerm(value.value);
    case 'A':
      return list(value.value.map((each) => tuple([word(typeName(each)), valueTerm(each)], true)));
    case 'D':
      return tuple([word(String(value.value.scale)), word(String(value.value.unscaled))], false);
    case 'S':
      return binary(typeof value.value === 'string' ? Buffer.from(value.value) : value.value);
    case 'x':
      return binary(value.value);
    case 'V':
      return word('undefined');
    case 'f':
    case 'd':
      return word(erlangFloat(value.value));
    default:
      return word(String(value.value));
  }
}

const word = (text: string): Term => ({ kind: 'text', text, length: text.length });

function list(items: Term[]): Term {
  return items.length === 0 ? word('[]') : { kind: 'list', items, tagged: false, length: across(items) };
}

function tuple(items: Term[], tagged: boolean): Term {
  return { kind: 'tuple', items, tagged, length: across(items) };
}

/** Brackets, elements and the commas between them. */
const across = (items: Term[]) => items.reduce((sum, { length }) => sum + length + 1, 1);

const escapes: Record<string, string> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\b': '\\b',
  '\f': '\\f',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
};

/** In quotes where all of it is printable in latin-1. */
function binary(bytes: Buffer): Term {
  if (bytes.length === 0) return word('<<>>');
  const text = bytes.toString('latin1');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what Erlang prints as escapes
  if (/^[\x20-\x7e\xa0-\xff\n\r\t\v\b\f\x1b]*$/.test(text)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
    return word(`<<"${text.replace(/[\n\r\t\v\b\f\x1b"\\]/g, (each) => escapes[each] as string)}">>`);
  }
  const numbers = `<<${[...bytes].join(',')}>>`;
  return { kind: 'bytes', text: numbers, length: numbers.length };
}
