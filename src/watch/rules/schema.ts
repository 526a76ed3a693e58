import { z } from 'zod';
import { conditionNames, conditions } from '../conditions/index.js';

const unit = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A time as it is written: `0s`, `90s`, `5m`, `4h`, `30d`. */
const duration = z
  .string()
  .regex(/^\d{1,6}(s|m|h|d)$/, 'must be a number with a unit, such as 30s, 5m, 4h or 30d')
  .transform((text) => Number(text.slice(0, -1)) * unit[text.at(-1) as keyof typeof unit])
  .describe('A number with a unit: s, m, h or d.');

const share = z
  .string()
  .regex(/^\d{1,4}%$/, 'must be a number, or a share such as 80%')
  .transform((text) => Number(text.slice(0, -1)));
const amount = z.union([z.number().min(0), share]);

const pattern = z
  .string()
  .refine(isPattern, 'is not a regular expression')
  .transform((text) => new RegExp(text));
const label = z
  .string()
  .regex(/^[A-Za-z][\w-]{0,63}$/, 'must be letters, digits, dashes and underscores, a letter first');

const rule = z.strictObject({
  name: label.optional().describe('How it is told and silenced; the condition when left out.'),
  when: z
    .enum(conditionNames)
    .describe(
      `The condition: ${conditionNames.map((name) => `${name} (${conditions[name].title})`).join('; ')}.`,
    ),
  severity: z.enum(['warning', 'critical']).default('warning'),
  above: amount.optional(),
  below: amount.optional(),
  within: duration.optional(),
  clear: z
    .union([amount, duration])
    .optional()
    .describe('The level at which it ends, where that is another than the one that begins it.'),
  vhost: z.string().min(1).optional(),
  queue: pattern.optional().describe('A regular expression of queue names.'),
  node: pattern.optional().describe('A regular expression of node names.'),
  for: duration.default(0).describe('How long it has to hold before it is told.'),
  clear_for: duration.default(0).describe('How long it has to be over before that is told.'),
  repeat: duration.optional().describe('How often it is told again while it holds.'),
  notify: z.array(z.string()).min(1).optional().describe('Names of receivers; all when left out.'),
});

const webhook = z.strictObject({
  url: z.string().min(1).describe('The address, or env:NAME or file:PATH that holds it.'),
  format: z.enum(['json', 'slack']).default('json'),
});

const email = z.strictObject({
  server: z
    .string()
    .regex(/^(\[[0-9a-fA-F:]+\]|[\w.-]+)(:\d{1,5})?$/, 'must be a host, or host:port')
    .describe('The SMTP server, with its port unless that is 25.'),
  security: z
    .enum(['starttls', 'tls', 'none'])
    .default('starttls')
    .describe('starttls begins in plain and insists on TLS, tls is TLS from the first byte (port 465).'),
  user: z.string().min(1).optional(),
  password: z
    .string()
    .regex(/^(env:[A-Za-z_]\w*|file:.+)$/, 'must be env:NAME or file:PATH, which holds it')
    .optional(),
  from: z.string().regex(/@/, 'must be an address'),
  to: z.array(z.string().regex(/@/, 'must be an address')).min(1),
});

const receiver = z.strictObject({
  name: label,
  webhook: webhook.optional(),
  email: email.optional(),
  command: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('A program and its arguments; the alert comes on its standard input as JSON.'),
});

const silence = z.strictObject({
  rule: z.string().optional().describe('The name of the rule; every rule when left out.'),
  subject: pattern.optional().describe('A regular expression of what it is about: a node, queue, address.'),
  from: moment().optional(),
  until: moment().optional(),
  comment: z.string().optional(),
});

/** The rules file as it is written; an unknown key is an error. */
export const rulesSchema = z.strictObject({
  interval: duration.prefault('15s').describe('How often the cluster is looked at.'),
  flapping: z
    .strictObject({
      times: z.int().min(2).max(1000).default(5),
      within: duration.prefault('30m'),
    })
    .prefault({})
    .describe(
      'What begins this often within that time is told once as flapping, and once when it has calmed down.',
    ),
  rules: z.array(rule).min(1).optional().describe('The rules that come with Warren when left out.'),
  receivers: z.array(receiver).default([]),
  silences: z.array(silence).default([]),
});

export type WrittenRules = z.output<typeof rulesSchema>;

/** ISO 8601, quoted or not: YAML 1.2 has no dates of its own. */
function moment() {
  return z
    .string()
    .refine((text) => /^\d{4}-\d\d-\d\d(T.*)?$/.test(text) && !Number.isNaN(Date.parse(text)), {
      error: 'must be a date or a time, such as 2026-12-01 or 2026-12-01T06:00:00Z',
    })
    .transform((text) => Date.parse(text));
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
