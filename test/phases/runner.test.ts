import { expect, test } from 'vitest';
import type { Phase, PhaseEvent } from '../../src/phases/phase.js';
import { runPhases } from '../../src/phases/runner.js';

interface Log {
  done: string[];
}

function phase(
  title: string,
  options: { fails?: boolean; skip?: boolean; undoFails?: boolean } = {},
): Phase<Log> {
  return {
    title,
    shouldRun: () => !options.skip,
    async run({ done }, door) {
      await door.change(`do ${title}`, () => done.push(title));
      if (options.fails) throw new Error(`${title} broke`);
    },
    async cleanUp({ done }, door) {
      if (options.undoFails) throw new Error('undo broke');
      await door.change(`undo ${title}`, () => done.push(`-${title}`));
    },
  };
}

test('phases run in their order; those with nothing to do are left out', async () => {
  const log: Log = { done: [] };
  await runPhases([phase('a'), phase('b', { skip: true }), phase('c')], log);
  expect(log.done).toEqual(['a', 'c']);
});

test('after a failure, those that began are cleaned up in reverse order, the failed one first', async () => {
  const log: Log = { done: [] };
  const run = runPhases([phase('a'), phase('b', { fails: true }), phase('c')], log);
  await expect(run).rejects.toThrow('b broke');
  expect(log.done).toEqual(['a', 'b', '-b', '-a']);
});

test('a clean-up that fails neither stops the others nor hides the first error', async () => {
  const log: Log = { done: [] };
  const run = runPhases([phase('a'), phase('b', { undoFails: true }), phase('c', { fails: true })], log);
  await expect(run).rejects.toThrow('c broke');
  expect(log.done).toEqual(['a', 'b', 'c', '-c', '-a']);
});

test('a dry run walks the same phases and says the same sentences, with the door shut', async () => {
  const sentences = async (dryRun: boolean) => {
    const log: Log = { done: [] };
    const events: PhaseEvent[] = [];
    await runPhases([phase('a'), phase('b')], log, { dryRun, watch: (event) => events.push(event) });
    return {
      done: log.done,
      said: events.flatMap((event) => (event.kind === 'change' ? [event.sentence] : [])),
    };
  };
  const wet = await sentences(false);
  const dry = await sentences(true);
  expect(wet.done).toEqual(['a', 'b']);
  expect(dry.done).toEqual([]);
  expect(dry.said).toEqual(wet.said);
});

test('an interruption between two phases cleans up and is thrown on', async () => {
  const log: Log = { done: [] };
  const abort = new AbortController();
  const interrupting: Phase<Log> = {
    title: 'interrupting',
    run: async () => abort.abort(new Error('Ctrl-C')),
  };
  const run = runPhases([phase('a'), interrupting, phase('c')], log, { signal: abort.signal });
  await expect(run).rejects.toThrow('Ctrl-C');
  expect(log.done).toEqual(['a', '-a']);
});
