/**
 * The management HTTP API, as RabbitMQ speaks it. A login of the page's own is sent with each request and
 * never as a cookie; behind a proxy none is sent, and the proxy adds its own. Addresses are relative, so that
 * the page works below any path.
 */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Names become segments (`/` is %2F), other values stay as they are. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export class ApiError extends Error {
  /** 0: there was no answer. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export class Api {
  readonly #authorization: string | undefined;

  constructor(login?: Login) {
    this.#authorization = login && `Basic ${base64(`${login.user}:${login.password}`)}`;
  }

  get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    return this.#send('GET', path + queryText(query), undefined, signal) as Promise<T>;
  }

  put(path: string, body: unknown): Promise<unknown> {
    return this.#send('PUT', path, body);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.#send('POST', path, body) as Promise<T>;
  }

  delete(path: string): Promise<unknown> {
    return this.#send('DELETE', path, undefined);
  }

  /** An answer that is not JSON, such as a log. */
  async text(path: string, signal?: AbortSignal): Promise<string> {
    return (await this.#ask('GET', path, undefined, signal, '*/*')).text();
  }

  async #send(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
    const response = await this.#ask(method, path, body, signal, 'application/json, */*;q=0.5');
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  }

  async #ask(method: string, path: string, body: unknown, signal: AbortSignal | undefined, accept: string) {
    const headers: Record<string, string> = { accept };
    if (this.#authorization) headers.authorization = this.#authorization;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const response = await fetch(`api/${path}`, {
      method,
      headers,
      // With "omit" a browser asks for no password of its own accord when one is refused.
      credentials: this.#authorization ? 'omit' : 'same-origin',
      cache: 'no-store',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    }).catch((error: Error) => {
      if (error.name === 'AbortError') throw error;
      throw new ApiError(0, 'no answer');
    });
    if (!response.ok) throw new ApiError(response.status, reasonOf(await response.text(), response.status));
    return response;
  }
}

/** A path of names: `path('queues', '/', 'a b')` is `queues/%2F/a%20b`. */
export function path(...names: readonly string[]): string {
  return names.map(encodeURIComponent).join('/');
}

function queryText(query: Query): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined || value === '' || value === false ? [] : [[key, String(value)]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** {"error": …, "reason": …}, where the reason may be any JSON. */
function reasonOf(text: string, status: number): string {
  try {
    const { error, reason } = JSON.parse(text) as { error?: unknown; reason?: unknown };
    const said = reason ?? error;
    return typeof said === 'string' ? said : JSON.stringify(said);
  } catch {
    return status === 401 ? 'not authorised' : status === 404 ? 'not found' : `status ${status}`;
  }
}
