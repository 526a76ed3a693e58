/** Tables of every type and shape, printed as Erlang prints them: one run of `erl` prints hundreds. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FieldTable, FieldValue } from '../../../src/broker/protocol/field-table.js';
import { printTerm } from '../../../src/broker/tracing/erlang-print.js';
import { tableTerm } from '../../../src/broker/tracing/erlang-term.js';

const erl = '/usr/bin/erl';

const text = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom('a\nb"\\', 'ключ', '', 'x'.repeat(120)),
);

const leaf: fc.Arbitrary<FieldValue> = fc.oneof(
  text.map((value): FieldValue => ({ type: 'S', value })),
  fc.uint8Array({ maxLength: 60 }).map((value): FieldValue => ({ type: 'x', value: Buffer.from(value) })),
  fc.integer().map((value): FieldValue => ({ type: 'I', value })),
  fc.integer({ min: -128, max: 127 }).map((value): FieldValue => ({ type: 'b', value })),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value): FieldValue => ({ type: 'l', value })),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value): FieldValue => ({ type: 'd', value })),
  fc.boolean().map((value): FieldValue => ({ type: 't', value })),
  fc.constant<FieldValue>({ type: 'V', value: null }),
  fc.constant<FieldValue>({ type: 'D', value: { scale: 2, unscaled: 314 } }),
  fc.nat().map((value): FieldValue => ({ type: 'T', value })),
);

const { table } = fc.letrec<{ value: FieldValue; table: FieldTable }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 6 }).map((value): FieldValue => ({ type: 'A', value })),
    tie('table').map((value): FieldValue => ({ type: 'F', value })),
  ),
  table: fc.array(
    fc.tuple(fc.string({ maxLength: 30 }), tie('value')).map(([key, value]) => ({ key, ...value })),
    { maxLength: 6 },
  ),
}));

const names = {
  t: 'bool',
  b: 'byte',
  I: 'signedint',
  l: 'long',
  d: 'double',
  T: 'timestamp',
  D: 'decimal',
  S: 'longstr',
  x: 'binary',
  A: 'array',
  F: 'table',
  V: 'void',
} as Record<string, string>;

const bytes = (value: string | Buffer) => `<<${[...Buffer.from(value as string)].join(',')}>>`;

/** As Erlang reads it. */
function source(value: FieldValue): string {
  switch (value.type) {
    case 'F':
      return tableSource(value.value);
    case 'A':
      return `[${value.value.map((each) => `{${names[each.type]},${source(each)}}`).join(',')}]`;
    case 'D':
      return `{${value.value.scale},${value.value.unscaled}}`;
    case 'S':
    case 'x':
      return bytes(value.value);
    case 'V':
      return 'undefined';
    case 'd': {
      const written = value.value.toExponential();
      const [mantissa = '', exponent] = written.split('e');
      return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}e${exponent}`;
    }
    default:
      return String(value.value);
  }
}

function tableSource(entries: FieldTable): string {
  return `[${entries.map((entry) => `{${bytes(entry.key)},${names[entry.type]},${source(entry)}}`).join(',')}]`;
}

/** Prints the terms that it is given, each with an end that no text has. */
const program = `
  io:setopts([{encoding, latin1}]),
  {ok, Terms} = file:consult(os:getenv("TERMS")),
  [io:put_chars(io_lib:format("Properties:   ~p\\n\\0\\n", [Term])) || Term <- Terms],
  halt().`;

it.skipIf(!existsSync(erl))('a table looks as Erlang prints it', () => {
  const tables = fc.sample(table, { numRuns: 400, seed: 4 });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'warren-terms-'));
  const file = path.join(folder, 'terms');
  writeFileSync(
    file,
    tables
      .map(
        (each) => `${tableSource(each)}.
`,
      )
      .join(''),
  );
  const env = { ...process.env, TERMS: file };
  const printed = execFileSync(erl, ['-noshell', '-noinput', '-eval', program], { env, cwd: folder });
  rmSync(folder, { recursive: true });
  const expected = printed.toString('latin1').split('\n\0\n');
  for (const [index, each] of tables.entries()) {
    expect(`Properties:   ${printTerm(tableTerm(each), 14)}`).toBe(expected[index]);
  }
});
