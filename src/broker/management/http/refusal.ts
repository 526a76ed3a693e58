/**
 * An answer that is not a success, in the management API's own form: `{"error": …, "reason": …}`. Thrown by
 * controllers, written in one place (`router.ts`). `bare` ones have no body, as where RabbitMQ's handler crashed
 * or the protocol alone decided (405, 406).
 */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** null: nothing is written. */
  readonly body: Record<string, unknown> | null;

  constructor(status: number, body: Record<string, unknown> | null, headers: Record<string, string> = {}) {
    super(body === null ? `status ${status}` : JSON.stringify(body));
    this.name = 'Refusal';
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

export const notFound = () => new Refusal(404, { error: 'Object Not Found', reason: 'Not Found' });

export const badRequest = (reason: unknown, error = 'bad_request') => new Refusal(400, { error, reason });

export const notAuthorised = (reason: string) => new Refusal(401, { error: 'not_authorised', reason });

/** Where RabbitMQ's handler crashes on a value of another type (500), the value is refused. */
export const notString = (key: string, value: unknown) => badRequest(['not_string', key, value]);

/** In Erlang's notation, which breaks a list that is wider than a line. */
export function keysMissing(keys: string[]): Refusal {
  const terms = keys.map((key) => `{key_missing,${key}}`);
  const line = `[${terms.join(',')}]`;
  return badRequest(line.length <= widestTerm ? line : `[${terms.join(',\n ')}]`);
}

const widestTerm = 80;

/** A health check that failed: 503 and what was found. */
export const failedCheck = (found: Record<string, unknown>) =>
  new Refusal(503, { status: 'failed', ...found }, { 'cache-control': 'no-cache' });
