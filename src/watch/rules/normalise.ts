import { conditionOf } from '../conditions/index.js';
import { defaultRules } from './default-rules.js';
import type { Rule } from './rule.js';
import type { EmailReceiver, Receiver, RulesFile } from './rules-file.js';
import { rulesSchema, type WrittenRules } from './schema.js';

type WrittenRule = NonNullable<WrittenRules['rules']>[number];

export function normalise(written: WrittenRules, file: string | undefined): RulesFile {
  const rules = written.rules ?? rulesSchema.parse({ rules: defaultRules }).rules!;
  return {
    file,
    intervalMs: Math.max(1_000, written.interval),
    flapping: { times: written.flapping.times, withinMs: written.flapping.within },
    rules: rules.map(ruleOf),
    receivers: written.receivers.map(receiverOf),
    silences: written.silences,
  };
}

function ruleOf({ for: forMs, clear_for, repeat, ...rule }: WrittenRule): Rule {
  const { threshold } = conditionOf(rule.when);
  return {
    name: rule.name ?? rule.when,
    when: rule.when,
    severity: rule.severity,
    at: threshold && (rule[threshold.key] ?? threshold.default),
    clear: rule.clear,
    vhost: rule.vhost,
    queue: rule.queue,
    node: rule.node,
    forMs,
    clearForMs: clear_for,
    repeatMs: repeat,
    notify: rule.notify,
  };
}

function receiverOf({ name, webhook, email, command }: WrittenRules['receivers'][number]): Receiver {
  if (webhook) return { name, kind: 'webhook', ...webhook };
  if (command) return { name, kind: 'command', command };
  return { name, kind: 'email', email: emailOf(email!) };
}

function emailOf(email: NonNullable<WrittenRules['receivers'][number]['email']>): EmailReceiver {
  const [, host, port] = /^(.*?)(?::(\d+))?$/.exec(email.server)!;
  const { security, user, password, from, to } = email;
  const usual = security === 'tls' ? 465 : 25;
  return {
    host: host!.replace(/^\[|\]$/g, ''),
    port: Number(port ?? usual),
    security,
    user,
    password,
    from,
    to,
  };
}
