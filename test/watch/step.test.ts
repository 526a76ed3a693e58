import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Alert, AlertEvent } from '../../src/watch/alerts/alert.js';
import { step } from '../../src/watch/alerts/step.js';
import type { Standing } from '../../src/watch/conditions/condition.js';
import type { Evaluation } from '../../src/watch/evaluate.js';
import type { Rule } from '../../src/watch/rules/rule.js';
import type { RulesFile, Silence } from '../../src/watch/rules/rules-file.js';

const never = { times: 1000, withinMs: 1 };

function rule(change: Partial<Rule> = {}): Rule {
  return { name: 'deep', when: 'queue_depth', severity: 'warning', forMs: 0, clearForMs: 0, ...change };
}

type Ticks = readonly { readonly at: number; readonly standing: Standing | 'gone' }[];

interface Setting {
  readonly rule: Rule;
  readonly flapping?: RulesFile['flapping'];
  readonly silences?: readonly Silence[];
}

/** Runs the machine over the ticks, through JSON at each as a restart would, and tells what it told. */
function told(ticks: Ticks, { rule, flapping = never, silences = [] }: Setting): string[] {
  let alerts: readonly Alert[] = [];
  const events: AlertEvent[] = [];
  for (const { at, standing } of ticks) {
    const observation = { rule, subject: 'q', standing, problem: 'deep', next: 'look' };
    const evaluation = {
      observations: standing === 'gone' ? [] : [observation],
      unknown: new Set<string>(),
    } as Evaluation;
    const after = step(
      JSON.parse(JSON.stringify(alerts)),
      evaluation,
      { rules: [rule], flapping, silences },
      at,
    );
    alerts = after.alerts;
    events.push(...after.events);
  }
  return events.map(({ kind, at }) => `${kind} ${at}`);
}

/**
 * The same, said without states: each question is answered by looking back
 * over everything that was ever seen.
 */
function naive(all: Ticks, { rule, silences = [] }: Setting): string[] {
  const ticks = all.filter(({ standing }) => standing !== 'unknown');
  const ended = (standing: Ticks[number]['standing']) => standing === 'under' || standing === 'gone';
  const events: string[] = [];
  let firing = false;
  let told: number | undefined;
  ticks.forEach(({ at, standing }, index) => {
    const past = ticks.slice(0, index + 1);
    const lastEnd = past.findLastIndex((tick) => ended(tick.standing));
    const lastGood = past.findLastIndex((tick) => !ended(tick.standing));
    const began = past.slice(lastEnd + 1).find((tick) => tick.standing === 'over')?.at;
    const over = past[lastGood + 1]?.at;
    if (!firing && began !== undefined && at - began >= rule.forMs) firing = true;
    const silent = silences.some(({ from = 0, until = 0 }) => at >= from && at < until);
    if (firing && !ended(standing) && !silent) {
      if (told === undefined) events.push(`fired ${at}`);
      else if (rule.repeatMs !== undefined && at - told >= rule.repeatMs) events.push(`repeated ${at}`);
      else return;
      told = at;
    }
    if (firing && over !== undefined && ended(standing) && at - over >= rule.clearForMs) {
      if (told !== undefined) events.push(`resolved ${at}`);
      firing = false;
      told = undefined;
    }
  });
  return events;
}

const ticks = fc
  .array(
    fc.record({
      wait: fc.integer({ min: 1, max: 4 }),
      standing: fc.constantFrom<Ticks[number]['standing']>(
        'over',
        'over',
        'between',
        'under',
        'unknown',
        'gone',
      ),
    }),
    { maxLength: 40 },
  )
  .map((steps) => {
    let at = 0;
    return steps.map(({ wait, standing }) => {
      at += wait;
      return { at, standing };
    });
  });

const settings = fc.record({
  rule: fc
    .record({
      forMs: fc.integer({ min: 0, max: 6 }),
      clearForMs: fc.integer({ min: 0, max: 6 }),
      repeatMs: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
    })
    .map(rule),
  silences: fc.array(
    fc
      .record({ from: fc.nat({ max: 60 }), length: fc.nat({ max: 20 }) })
      .map(({ from, length }) => ({ from, until: from + length })),
    { maxLength: 2 },
  ),
});

test('it tells what a look back over everything would tell', () => {
  fc.assert(
    fc.property(ticks, settings, (seen, setting) => {
      expect(told(seen, setting)).toEqual(naive(seen, setting));
    }),
    { numRuns: 2_000 },
  );
});

test('flapping or not: nothing is told twice without its end, and no end without its beginning', () => {
  const flapping = fc.record({
    times: fc.integer({ min: 2, max: 4 }),
    withinMs: fc.integer({ min: 1, max: 30 }),
  });
  fc.assert(
    fc.property(ticks, settings, flapping, (seen, setting, flaps) => {
      let open = false;
      for (const event of told(seen, { ...setting, flapping: flaps })) {
        const [kind] = event.split(' ');
        if (kind === 'fired') expect(open).toBe(false);
        if (kind === 'repeated' || kind === 'resolved') expect(open).toBe(true);
        open = kind !== 'resolved';
      }
    }),
    { numRuns: 2_000 },
  );
});

const at = (text: string): Ticks =>
  [...text].map((letter, index) => ({
    at: index,
    standing: ({ o: 'over', b: 'between', '.': 'under', '?': 'unknown', _: 'gone' } as const)[letter]!,
  }));

test.each<[string, string, Partial<Rule>, string[]]>([
  ['it holds long enough', 'oooo.', { forMs: 2 }, ['fired 2', 'resolved 4']],
  ['it does not', 'oo.oo.', { forMs: 2 }, []],
  ['between the levels it goes on', 'obbb.b', {}, ['fired 0', 'resolved 4']],
  ['between the levels it does not begin', '.bbb', {}, []],
  ['what is unknown ends nothing', 'o????o.', {}, ['fired 0', 'resolved 6']],
  ['a queue that is gone has no alert', 'o_', {}, ['fired 0', 'resolved 1']],
  ['over for a moment is not over', 'o.o..', { clearForMs: 1 }, ['fired 0', 'resolved 4']],
  ['told again while it holds', 'ooooo', { repeatMs: 2 }, ['fired 0', 'repeated 2', 'repeated 4']],
])('%s', (_, seen, change, events) => {
  expect(told(at(seen), { rule: rule(change) })).toEqual(events);
});

test('what begins again and again is told once as flapping, and once when it has calmed down', () => {
  const flapping = { times: 3, withinMs: 6 };
  expect(told(at('o.o.o.o.o..........'), { rule: rule(), flapping })).toEqual([
    'fired 0',
    'resolved 1',
    'fired 2',
    'resolved 3',
    'flapping 4',
    'resolved 14',
  ]);
});

test('a silence keeps a beginning back until it is over', () => {
  const silences = [{ from: 0, until: 3 }];
  expect(told(at('oooo.'), { rule: rule(), silences })).toEqual(['fired 3', 'resolved 4']);
  expect(told(at('oo..'), { rule: rule(), silences })).toEqual([]);
});

test('an alert of a rule that is no longer in the file is forgotten', () => {
  const { alerts } = step(
    [],
    {
      observations: [{ rule: rule(), subject: 'q', standing: 'over', problem: '', next: '' }],
      unknown: new Set(),
    },
    { rules: [rule()], flapping: never, silences: [] },
    0,
  );
  expect(alerts).toHaveLength(1);
  const without = { rules: [], flapping: never, silences: [] };
  expect(step(alerts, { observations: [], unknown: new Set() }, without, 1)).toEqual({
    alerts: [],
    events: [],
  });
});
