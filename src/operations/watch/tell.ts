import { resolveSecret } from '../../cluster-file/resolve-secret.js';
import { parseSecret } from '../../cluster-file/secret.js';
import { runNotifier } from '../../drivers/notify/command.js';
import { sendMail } from '../../drivers/notify/mail.js';
import { postWebhook } from '../../drivers/notify/webhook.js';
import { headline, mailText, type Notification, slackBody } from '../../watch/alerts/notification.js';
import type { Receiver } from '../../watch/rules/rules-file.js';

type Env = Readonly<Record<string, string | undefined>>;
type Tell = (notification: Notification) => Promise<void>;

const patienceMs = 10_000;

/** The way to each receiver by its name, its secrets looked up: one that is missing is told at once. */
export async function receiversOf(
  receivers: readonly Receiver[],
  env: Env,
): Promise<ReadonlyMap<string, Tell>> {
  const ways = new Map<string, Tell>();
  for (const receiver of receivers) ways.set(receiver.name, await wayTo(receiver, env));
  return ways;
}

async function wayTo(receiver: Receiver, env: Env): Promise<Tell> {
  if (receiver.kind === 'command') {
    return (notification) => runNotifier(receiver.command, `${JSON.stringify(notification)}\n`, patienceMs);
  }
  if (receiver.kind === 'webhook') {
    const url = await textOf(receiver.url, `address of receiver ${receiver.name}`, env);
    const body = receiver.format === 'slack' ? slackBody : (one: Notification) => one;
    return (notification) => postWebhook(url, body(notification), { id: notification.id, patienceMs });
  }
  const { user, password, ...email } = receiver.email;
  const pass = password && (await textOf(password, `password of receiver ${receiver.name}`, env));
  const login = user !== undefined && pass !== undefined ? { user, pass } : undefined;
  return (notification) => {
    const { id } = notification;
    const mail = {
      ...email,
      login,
      id,
      subject: `[rabbitmq] ${headline(notification)}`,
      text: mailText(notification),
    };
    return sendMail(mail, patienceMs);
  };
}

async function textOf(written: string, what: string, env: Env): Promise<string> {
  const secret = parseSecret(written);
  if (!secret || secret.from === 'generate') return written;
  const generated = async (): Promise<never> => {
    throw new TypeError('what others have given cannot be generated');
  };
  return (await resolveSecret(secret, { key: what, what }, { env, generated })).reveal();
}
