import type { Evaluation, Observation } from '../evaluate.js';
import type { Rule } from '../rules/rule.js';
import type { RulesFile, Silence } from '../rules/rules-file.js';
import type { Alert, AlertEvent } from './alert.js';

/**
 * One step of all alerts, from what they were and what is observed now to what
 * they are and what has to be told. An alert is pending until its condition has
 * held for the rule's time, then it fires; it is clearing until the condition
 * has been over for the rule's other time, then it is resolved. Between the two
 * levels of a threshold everything goes on as it is. What is unknown stands
 * still: nothing begins, nothing ends, and nothing is told again.
 *
 * Told is each beginning once, and each end whose beginning was told. A silence
 * keeps a beginning back, and what still holds at its end is told then. What has
 * begun too often within a while is told as flapping, and then nothing of it
 * until it has been over for that while.
 */
export function step(
  before: readonly Alert[],
  { observations, unknown }: Evaluation,
  { rules, flapping, silences }: Pick<RulesFile, 'rules' | 'flapping' | 'silences'>,
  now: number,
): { readonly alerts: readonly Alert[]; readonly events: readonly AlertEvent[] } {
  const events: AlertEvent[] = [];
  const alerts: Alert[] = [];
  const seen = new Map(observations.map((one) => [key(one.rule.name, one.subject), one]));
  const old = new Map(before.map((alert) => [key(alert.rule, alert.subject), alert]));
  for (const id of new Set([...old.keys(), ...seen.keys()])) {
    const alert = old.get(id);
    const observation = seen.get(id);
    const rule = observation?.rule ?? rules.find(({ name }) => name === alert!.rule);
    // A rule that was taken out of the file takes its alerts along.
    if (!rule) continue;
    const standing = observation?.standing ?? (unknown.has(rule.name) ? 'unknown' : 'under');
    const moved = standing === 'unknown' ? alert : move(alert, observation, standing, rule, now);
    if (!moved) continue;
    const silent = silences.some((silence) => covers(silence, moved, now));
    const told = standing === 'unknown' ? { alert: moved } : tell(moved, { rule, flapping, silent, now });
    if (told.event) events.push(told.event);
    if (told.alert) alerts.push(told.alert);
  }
  return { alerts, events };
}

function key(rule: string, subject: string): string {
  return JSON.stringify([rule, subject]);
}

/** The next state by the clock and the condition alone. */
function move(
  alert: Alert | undefined,
  observation: Observation | undefined,
  standing: 'over' | 'between' | 'under',
  rule: Rule,
  now: number,
): Alert | undefined {
  const told = observation && standing !== 'under' ? facts(observation) : {};
  const state = alert?.state ?? 'quiet';
  const held = standing === 'over' || (standing === 'between' && state !== 'quiet');
  if (state === 'quiet' || state === 'pending') {
    if (!held) return alert && { ...alert, state: 'quiet', since: state === 'quiet' ? alert.since : now };
    const since = state === 'pending' ? alert!.since : now;
    const pending = { ...(alert ?? fresh(observation!, now)), ...told, state: 'pending', since } as const;
    if (now - since < rule.forMs) return pending;
    return { ...pending, state: 'firing', begun: [...pending.begun, now] };
  }
  const began = state === 'clearing' ? alert!.began! : alert!.since;
  if (held) return { ...alert!, ...told, state: 'firing', since: began, began: undefined };
  const since = state === 'clearing' ? alert!.since : now;
  const over = now - since >= rule.clearForMs;
  return { ...alert!, state: over ? 'quiet' : 'clearing', since: over ? now : since, began };
}

function fresh({ rule, subject, problem, next }: Observation, now: number): Alert {
  const { name, severity } = rule;
  return {
    rule: name,
    subject,
    severity,
    state: 'quiet',
    since: now,
    begun: [],
    flapping: false,
    problem,
    next,
  };
}

/** The words of the moment; a rule that was changed in the file counts as it is now. */
function facts({ rule, problem, next, value }: Observation): Partial<Alert> {
  return { severity: rule.severity, problem, next, value };
}

interface Circumstances {
  readonly rule: Rule;
  readonly flapping: RulesFile['flapping'];
  readonly silent: boolean;
  readonly now: number;
}

/** What has to be told of an alert where it stands now, and whether it is to be remembered. */
function tell(
  moved: Alert,
  { rule, flapping, silent, now }: Circumstances,
): { alert?: Alert; event?: AlertEvent } {
  const begun = moved.begun.filter((at) => now - at < flapping.withinMs);
  const calm = moved.state === 'firing' && begun.length === 0;
  const alert = { ...moved, begun, flapping: moved.flapping && !calm };
  const event = (kind: AlertEvent['kind'], told: Alert) => ({
    alert: told,
    event: { kind, at: now, alert: told, notify: rule.notify },
  });
  if (alert.state === 'pending' || alert.state === 'clearing') return { alert };
  if (alert.state === 'quiet') {
    if (begun.length > 0 && (alert.flapping || alert.toldAt === undefined)) return { alert };
    const over = { ...alert, flapping: false, toldAt: undefined };
    const kept = begun.length > 0 ? over : undefined;
    if (alert.toldAt === undefined) return kept ? { alert: kept } : {};
    return { ...(kept ? { alert: kept } : {}), event: event('resolved', alert).event };
  }
  if (silent) return { alert };
  if (!alert.flapping && begun.length >= flapping.times) {
    return event('flapping', { ...alert, flapping: true, toldAt: now });
  }
  if (alert.toldAt === undefined) return event('fired', { ...alert, toldAt: now });
  if (alert.flapping || rule.repeatMs === undefined || now - alert.toldAt < rule.repeatMs) return { alert };
  return event('repeated', { ...alert, toldAt: now });
}

function covers({ rule, subject, from, until }: Silence, alert: Alert, now: number): boolean {
  if (rule !== undefined && rule !== alert.rule) return false;
  if (subject && !subject.test(alert.subject)) return false;
  return (from === undefined || now >= from) && (until === undefined || now < until);
}
