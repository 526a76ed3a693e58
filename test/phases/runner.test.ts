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

test('lanes run side by side, each in its order; what stands before and after them does not', async () => {
  const log: Log = { done: [] };
  const met = meeting(2);
  const meets = (title: string, lane: string): Phase<Log> => ({
    title,
    lane,
    // Neither ends before the other one has begun.
    run: async ({ done }) => {
      done.push(`${title} begins`);
      await met();
      done.push(title);
    },
  });
  const lanes = [
    { ...phase('a1'), lane: 'a' },
    meets('a2', 'a'),
    meets('b1', 'b'),
    { ...phase('b2'), lane: 'b' },
  ];
  await runPhases([phase('first'), ...lanes, phase('last')], log);
  expect(log.done[0]).toBe('first');
  expect(log.done.at(-1)).toBe('last');
  const place = (title: string) => log.done.indexOf(title);
  expect(place('a1')).toBeLessThan(place('a2 begins'));
  expect(place('b1')).toBeLessThan(place('b2'));
});

/** So many have to come before any goes on. */
function meeting(of: number): () => Promise<void> {
  let come: () => void = () => {};
  const all = new Promise<void>((resolve) => {
    come = resolve;
  });
  let there = 0;
  return () => {
    there += 1;
    if (there === of) come();
    return all;
  };
}

test('a lane that fails ends there; the one beside it comes to its end, what waits for both does not begin', async () => {
  const log: Log = { done: [] };
  const lanes = [
    { ...phase('a1', { fails: true }), lane: 'a' },
    { ...phase('a2'), lane: 'a' },
    { ...phase('b1'), lane: 'b' },
    { ...phase('b2'), lane: 'b' },
  ];
  await expect(runPhases([...lanes, phase('last')], log)).rejects.toThrow('a1 broke');
  expect(log.done.filter((title) => !title.startsWith('-')).sort()).toEqual(['a1', 'b1', 'b2']);
  expect(log.done.filter((title) => title.startsWith('-')).sort()).toEqual(['-a1', '-b1', '-b2']);
});

test('an interruption stops every lane before its next phase', async () => {
  const log: Log = { done: [] };
  const abort = new AbortController();
  const interrupting: Phase<Log> = {
    title: 'interrupting',
    lane: 'a',
    run: async () => abort.abort(new Error('Ctrl-C')),
  };
  const lanes = [interrupting, { ...phase('b1'), lane: 'b' }, { ...phase('b2'), lane: 'b' }];
  await expect(runPhases(lanes, log, { signal: abort.signal })).rejects.toThrow('Ctrl-C');
  expect(log.done).not.toContain('b2');
});

test('a dry run takes the lanes one by one, in the order of the list', async () => {
  const said: string[] = [];
  const lanes = [
    { ...phase('a1'), lane: 'a' },
    { ...phase('b1'), lane: 'b' },
    { ...phase('a2'), lane: 'a' },
  ];
  const watch = (event: PhaseEvent) => void (event.kind === 'change' && said.push(event.sentence));
  await runPhases(lanes, { done: [] }, { dryRun: true, watch });
  expect(said).toEqual(['do a1', 'do b1', 'do a2']);
});

test('of a change it is told that it begins, and that it is done if it was', async () => {
  const told: string[] = [];
  const watch = (event: PhaseEvent) =>
    void (
      /^changed?$/.test(event.kind) &&
      'sentence' in event &&
      told.push(`${event.kind}: ${event.sentence}`)
    );
  const two: Phase<Log> = {
    title: 'two',
    async run(_, door) {
      await door.change('one', () => {});
      await door.change('other', () => Promise.reject(new Error('broken')));
    },
  };
  await expect(runPhases([two], { done: [] }, { watch })).rejects.toThrow('broken');
  expect(told).toEqual(['change: one', 'changed: one', 'change: other']);
  told.length = 0;
  await runPhases([two], { done: [] }, { watch, dryRun: true });
  expect(told).toEqual(['change: one', 'change: other']);
});

test('once it is interrupted, no further change begins, but those of the clean-up do', async () => {
  const log: Log = { done: [] };
  const abort = new AbortController();
  const long: Phase<Log> = {
    ...phase('long'),
    async run({ done }, door) {
      await door.change('one', () => done.push('one'));
      abort.abort(new Error('Ctrl-C'));
      await door.on('server1').change('two', () => done.push('two'));
    },
  };
  await expect(runPhases([long], log, { signal: abort.signal })).rejects.toThrow('Ctrl-C');
  expect(log.done).toEqual(['one', '-long']);
});
