import type { Finding, Path } from '../../cluster-file/text.js';
import { nearest } from '../../errors/suggestion.js';
import { conditionOf } from '../conditions/index.js';
import { defaultRules } from './default-rules.js';
import type { WrittenRules } from './schema.js';

type WrittenRule = NonNullable<WrittenRules['rules']>[number];

const sides = ['above', 'below', 'within'] as const;

/** What is right word by word and wrong as a whole. */
export function findingsOf(file: WrittenRules): Finding[] {
  const rules = file.rules ?? [];
  return [
    ...rules.flatMap(thresholds),
    ...twice(
      rules.map(({ name, when }) => name ?? when),
      'rules',
      'rule',
    ),
    ...twice(
      file.receivers.map(({ name }) => name),
      'receivers',
      'receiver',
    ),
    ...file.receivers.flatMap(ways),
    ...unknownNames(file),
    ...file.silences.flatMap(({ rule, subject }, index) =>
      rule === undefined && subject === undefined
        ? [
            {
              path: ['silences', index],
              message: 'this would silence everything',
              suggestion: 'name a rule or a subject',
            },
          ]
        : [],
    ),
  ];
}

function thresholds(rule: WrittenRule, index: number): Finding[] {
  const { threshold } = conditionOf(rule.when);
  const at = (key: string): Path => ['rules', index, key];
  const given = sides.filter((side) => rule[side] !== undefined);
  const wrong = given.find((side) => side !== threshold?.key);
  if (wrong) {
    return [
      {
        path: at(wrong),
        key: true,
        message: `${rule.when} has no '${wrong}'`,
        suggestion: threshold ? `write ${threshold.key}: … (${threshold.meaning})` : 'take it out',
      },
    ];
  }
  if (rule.clear === undefined) return [];
  if (!threshold)
    return [
      { path: at('clear'), key: true, message: `${rule.when} has no level`, suggestion: 'take it out' },
    ];
  const begins = Number(rule[threshold.key] ?? threshold.default);
  const inside = threshold.key === 'above' ? rule.clear <= begins : rule.clear >= begins;
  if (inside) return [];
  const word = threshold.key === 'above' ? 'at or below' : 'at or above';
  return [
    {
      path: at('clear'),
      message: `${rule.name ?? rule.when} would end before it begins`,
      suggestion: `write a level ${word} what begins it`,
    },
  ];
}

function ways(receiver: WrittenRules['receivers'][number], index: number): Finding[] {
  const given = (['webhook', 'email', 'command'] as const).filter((way) => receiver[way] !== undefined);
  if (given.length === 1) return [];
  const message = `receiver ${receiver.name} has ${given.length === 0 ? 'no way' : `${given.length} ways`} to be told`;
  return [{ path: ['receivers', index], message, suggestion: 'write one of webhook, email and command' }];
}

function unknownNames({ rules = [], receivers, silences }: WrittenRules): Finding[] {
  const known = receivers.map(({ name }) => name);
  const names =
    rules.length > 0 ? rules.map(({ name, when }) => name ?? when) : defaultRules.map(({ when }) => when);
  const unknown = (what: string, word: string, list: readonly string[], path: Path): Finding[] => {
    if (list.includes(word)) return [];
    const near = nearest(word, list);
    return [
      {
        path,
        message: `there is no ${what} ${word}`,
        suggestion: near
          ? `did you mean '${near}'?`
          : `choose one of: ${list.join(', ') || 'none is written'}`,
      },
    ];
  };
  return [
    ...rules.flatMap(({ notify = [] }, index) =>
      notify.flatMap((word, place) => unknown('receiver', word, known, ['rules', index, 'notify', place])),
    ),
    ...silences.flatMap(({ rule }, index) =>
      rule === undefined ? [] : unknown('rule', rule, names, ['silences', index, 'rule']),
    ),
  ];
}

function twice(names: readonly string[], list: string, what: string): Finding[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [
          {
            path: [list, index],
            message: `${what} ${name} stands in the file twice`,
            suggestion: 'give it another name',
          },
        ],
  );
}
