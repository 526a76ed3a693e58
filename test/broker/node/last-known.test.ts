import { expect, test } from 'vitest';
import { lastKnown } from '../../../src/broker/node/last-known.js';

const failure = (code: string) => Object.assign(new Error(code), { code });

function reader() {
  let next: number | Error = 1;
  const read = lastKnown(() => {
    if (next instanceof Error) throw next;
    return next;
  });
  return {
    read,
    now: (value: number | Error) => {
      next = value;
    },
  };
}

test.each(['EMFILE', 'ENFILE'])('what was read last stands on %s, and is read again afterwards', (code) => {
  const { read, now } = reader();
  expect(read()).toBe(1);
  now(failure(code));
  expect(read()).toBe(1);
  now(new Error('of a file', { cause: failure(code) }));
  expect(read()).toBe(1);
  now(2);
  expect(read()).toBe(2);
});

test('any other failure is one, and so is the first look without a file', () => {
  const { read, now } = reader();
  now(failure('EMFILE'));
  expect(read).toThrow('EMFILE');
  now(1);
  read();
  now(failure('EACCES'));
  expect(read).toThrow('EACCES');
});
