import { WarrenError } from '../../errors/warren-error.js';

interface Refusal {
  /** Method and URL, as an error tells them. */
  readonly request: string;
  readonly url: string;
  readonly user: string;
  readonly status: number;
  readonly text: string;
}

/** An answer that is no success, as one of Warren's errors. */
export function refusalOf({ request, url, user, status, text }: Refusal): WarrenError {
  const reason = reasonOf(text);
  switch (status) {
    case 401:
    case 403:
      // 401 is RabbitMQ's answer to a wrong password and to a user who lacks a tag or a vhost alike.
      return isLogin(reason)
        ? WarrenError.of('API_REFUSED_LOGIN', { url, user, reason })
        : WarrenError.of('API_NOT_PERMITTED', { user, request, reason });
    case 404:
      return WarrenError.of('API_NOT_FOUND', { request, reason });
    case 400:
    case 406:
      // Definitions of a vhost that is not there are the one thing not found that is no 404.
      if (reason === 'vhost_not_found') return WarrenError.of('API_NOT_FOUND', { request, reason });
      return WarrenError.of('API_BAD_REQUEST', { request, reason });
    case 409:
    case 412:
      return WarrenError.of('API_CONFLICT', { request, reason });
    default:
      return WarrenError.of('API_ERROR', { request, status, reason });
  }
}

function isLogin(reason: string): boolean {
  return /login failed|can only log in|^an empty answer$/i.test(reason);
}

/** No answer at all, or one that is not HTTP. */
export function silenceOf(url: string, problem: string | NodeJS.ErrnoException): WarrenError {
  if (typeof problem === 'string') return unreachable(url, problem);
  const { code = '', message } = problem;
  const reason = message || code;
  const around = { cause: problem };
  if (/^HPE_/.test(code)) return WarrenError.of('API_NOT_HTTP', { url }, around);
  if (/^(ERR_SSL|ERR_TLS|EPROTO|CERT|DEPTH_|SELF_|UNABLE_TO)/.test(code)) {
    return WarrenError.of('API_TLS', { url, reason: shortOf(reason) }, around);
  }
  return unreachable(url, reason, problem);
}

function unreachable(url: string, reason: string, cause?: Error): WarrenError {
  const here = /^\w+:\/\/(127\.|localhost|\[::1\])/.test(url);
  return WarrenError.of('API_UNREACHABLE', { url, reason, here }, { cause });
}

/** OpenSSL writes file and line around what it says. */
function shortOf(reason: string): string {
  return /SSL routines:[^:]*:([^:]+)/.exec(reason)?.[1] ?? reason;
}

/** RabbitMQ answers errors as {"error": "...", "reason": "..."}, where reason may be any JSON. */
function reasonOf(text: string): string {
  try {
    const { error, reason } = JSON.parse(text) as { error?: unknown; reason?: unknown };
    const said = reason ?? error;
    return typeof said === 'string' ? plain(said) : JSON.stringify(said);
  } catch {
    return text.slice(0, 200) || 'an empty answer';
  }
}

/** Some of RabbitMQ's reasons are escaped for HTML, and show Erlang's binaries. */
function plain(reason: string): string {
  const signs: Readonly<Record<string, string>> = { quot: '"', '#39': "'", lt: '<', gt: '>', amp: '&' };
  return reason
    .trim()
    .replace(/^Validation failed\s+/, '')
    .replace(/&(quot|#39|lt|gt|amp);/g, (_, name: string) => signs[name]!)
    .replace(/<<("[^"]*")>>/g, '$1');
}
