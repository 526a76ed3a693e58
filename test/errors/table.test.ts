import { expect, test } from 'vitest';
import { exitStatus } from '../../src/errors/exit-status.js';
import { errorTable } from '../../src/errors/table.js';
import { reportOf, WarrenError } from '../../src/errors/warren-error.js';

test('every exit status of the table is one of the known ones', () => {
  const known = new Set<number>(Object.values(exitStatus));
  for (const [code, { exit }] of Object.entries(errorTable)) expect(known, code).toContain(exit);
});

test('an error carries its sentences, its place and its reason', () => {
  const error = WarrenError.of(
    'NODE_NOT_RUNNING',
    { node: 'rabbit-2@localhost' },
    { where: 'here', why: 'so' },
  );
  expect(error.report).toEqual({
    code: 'NODE_NOT_RUNNING',
    message: 'node rabbit-2@localhost does not run',
    where: 'here',
    why: 'so',
    next: 'warren node start rabbit-2@localhost',
    exit: 69,
  });
});

test('what Warren did not raise itself is our bug', () => {
  expect(reportOf(new TypeError('x is not a function'))).toMatchObject({ code: 'INTERNAL', exit: 70 });
});
