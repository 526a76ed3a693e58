/**
 * Who is logged in. A login lives in memory and in this tab's session storage, so that a reload keeps it and
 * nothing stays when the tab is closed; behind a proxy there is nothing to keep.
 */
import { Api, type Login } from './api.js';
import type { Who } from './api-types.js';

const kept = 'warren.login';

export interface Session {
  readonly api: Api;
  readonly who: Who;
}

/** Throws an ApiError when the login is refused or nobody answers. */
export async function logIn(login?: Login): Promise<Session> {
  const api = new Api(login);
  const { name, tags } = await api.get<{ name: string; tags: string[] | string }>('whoami');
  if (login) sessionStorage.setItem(kept, JSON.stringify(login));
  return { api, who: { name, tags: typeof tags === 'string' ? tags.split(',') : tags } };
}

export function keptLogin(): Login | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(kept) ?? 'null') as Login | null) ?? undefined;
  } catch {
    return undefined;
  }
}

export function forgetLogin(): void {
  sessionStorage.removeItem(kept);
}
