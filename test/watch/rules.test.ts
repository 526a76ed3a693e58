import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { conditionNames } from '../../src/watch/conditions/index.js';
import { parseRules, readRules } from '../../src/watch/rules/read.js';

const example = fileURLToPath(new URL('../../examples/alerts.yaml', import.meta.url));

async function refusal(text: string): Promise<string> {
  const error = await parseRules(text, 'a.yaml').then(
    () => expect.fail('it was taken'),
    (thrown) => thrown,
  );
  expect(error.code).toBe('RULES_FILE_INVALID');
  return `${error.report.where} ${error.report.message}; ${error.report.next}`;
}

test.each([
  ['rules: [{ when: queue_dept }]', "a.yaml:1:17 rules.0.when cannot be 'queue_dept'"],
  ['rules:\n  - when: memory\n    abov: 80%', "a.yaml:3:5 unknown key 'abov' in rules.0"],
  [
    'rules:\n  - when: memory\n    below: 80%',
    "a.yaml:3:5 memory has no 'below'; write above: … (of the limit",
  ],
  ['rules: [{ when: node_down, above: 3 }]', "a.yaml:1:28 node_down has no 'above'; take it out"],
  ['rules: [{ when: memory, for: 5 }]', 'a.yaml:1:30 rules.0.for must be text, and it is a number'],
  ['rules: [{ when: memory, for: soon }]', 'a.yaml:1:30 rules.0.for: must be a number with a unit'],
  [
    'rules: [{ when: queue_depth, above: 5, clear: 9 }]',
    'a.yaml:1:47 queue_depth would end before it begins',
  ],
  ['rules: [{ when: disk, below: 200%, clear: 90% }]', 'a.yaml:1:43 disk would end before it begins'],
  ['rules: [{ when: alarm, clear: 3 }]', 'a.yaml:1:24 alarm has no level'],
  ["rules: [{ when: queue_depth, queue: '(' }]", 'a.yaml:1:37 rules.0.queue: is not a regular expression'],
  ['rules: [{ when: alarm }, { when: alarm }]', 'a.yaml:1:26 rule alarm stands in the file twice'],
  [
    'rules: [{ when: alarm, notify: [chta] }]\nreceivers: [{ name: chat, command: [x] }]',
    "there is no receiver chta; did you mean 'chat'?",
  ],
  ['receivers: [{ name: chat }]', 'a.yaml:1:13 receiver chat has no way to be told'],
  ['receivers: [{ name: c, command: [x], webhook: { url: u } }]', 'receiver c has 2 ways to be told'],
  [
    'receivers: [{ name: m, email: { server: s, password: hunter2, from: a@b, to: [c@d] } }]',
    'must be env:NAME or file:PATH',
  ],
  ['silences: [{ comment: all }]', 'a.yaml:1:12 this would silence everything'],
  ['silences: [{ rule: alrm }]', "there is no rule alrm; did you mean 'alarm'?"],
  ['silences: [{ rule: alarm, until: tomorrow }]', 'silences.0.until: must be a date or a time'],
  ['rules: [', 'a.yaml:1:9 a bracket that was opened'],
])('%s', async (text, expected) => {
  expect(await refusal(text)).toContain(expected);
});

test('the example is a rules file, and watches for everything that can be watched for', async () => {
  const { rules, receivers, silences } = await readRules(example);
  expect([...new Set(rules.map(({ when }) => when))].sort()).toEqual([...conditionNames].sort());
  expect(receivers.map(({ kind }) => kind)).toEqual(['webhook', 'command', 'email']);
  expect(silences).toHaveLength(2);
  expect(rules.find(({ when }) => when === 'memory')).toMatchObject({ at: 80, clear: 70, forMs: 120_000 });
});

test('the rules without a file watch for everything as well', async () => {
  const { rules, intervalMs } = await readRules(undefined);
  expect(rules.map(({ when }) => when).sort()).toEqual([...conditionNames].sort());
  expect(intervalMs).toBe(15_000);
});

test('a file that is not there is said to be missing', async () => {
  await expect(readRules('/nowhere/a.yaml')).rejects.toMatchObject({ code: 'RULES_FILE_MISSING' });
});
