import { createHash } from 'node:crypto';
import { span } from '../figures.js';
import type { AlertEvent } from './alert.js';

/** What is told of an event: the generic document, which the other forms are made of. */
export interface Notification {
  /** The same for the same event, however often it is sent. */
  readonly id: string;
  readonly event: AlertEvent['kind'];
  readonly cluster: string;
  readonly rule: string;
  readonly severity: 'warning' | 'critical';
  readonly subject: string;
  readonly problem: string;
  readonly next: string;
  readonly value?: number | undefined;
  readonly at: string;
  /** Since when it holds, or held. */
  readonly since: string;
}

export function notificationOf(cluster: string, { kind, at, alert }: AlertEvent): Notification {
  const { rule, severity, subject, problem, next, value } = alert;
  const since = new Date(alert.began ?? alert.since).toISOString();
  const id = createHash('sha256')
    .update(JSON.stringify([cluster, rule, subject, kind, at]))
    .digest('hex')
    .slice(0, 32);
  return {
    id,
    event: kind,
    cluster,
    rule,
    severity,
    subject,
    problem,
    next,
    value,
    at: new Date(at).toISOString(),
    since,
  };
}

/** One line, for a terminal, a chat or the subject of a mail. */
export function headline({ event, severity, cluster, problem, at, since }: Notification): string {
  const held = span(Date.parse(at) - Date.parse(since));
  if (event === 'resolved') return `resolved: ${problem} (cluster ${cluster}, after ${held})`;
  const again = { fired: '', repeated: `, for ${held}`, flapping: ', again and again' }[event];
  return `${severity}: ${problem} (cluster ${cluster}${again})`;
}

/** https://api.slack.com/reference/surfaces/formatting#escaping */
export function slackBody(notification: Notification): { text: string } {
  const mark = {
    fired: ':red_circle:',
    repeated: ':red_circle:',
    flapping: ':warning:',
    resolved: ':white_check_mark:',
  };
  const escaped = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const lines = [`${mark[notification.event]} ${escaped(headline(notification))}`];
  if (notification.event !== 'resolved') lines.push(`next: \`${escaped(notification.next)}\``);
  return { text: lines.join('\n') };
}

export function mailText(notification: Notification): string {
  const { rule, subject, at, since, next, event } = notification;
  return [
    headline(notification),
    '',
    ...(event === 'resolved' ? [] : [`next: ${next}`, '']),
    `rule: ${rule}`,
    `about: ${subject}`,
    `since: ${since}`,
    `at: ${at}`,
    '',
  ].join('\n');
}
