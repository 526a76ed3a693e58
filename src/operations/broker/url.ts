import { WarrenError } from '../../errors/warren-error.js';
import type { Surroundings } from '../surroundings.js';

interface UrlOptions {
  readonly cluster?: string | undefined;
  readonly url?: string | undefined;
  readonly askPassword?: ((user: string) => Promise<string>) | undefined;
}

/**
 * The management URL that is meant, if any: `--url`, or WARREN_URL where no
 * cluster is named. A password that it lacks is WARREN_PASSWORD, or is asked for,
 * so that none has to stand on a command line.
 */
export async function urlOf(
  { cluster, url: given, askPassword }: UrlOptions,
  { env }: Surroundings,
): Promise<string | undefined> {
  const text = given ?? (cluster === undefined ? env.WARREN_URL : undefined);
  if (text === undefined || text === '') return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || !url.hostname) {
    const problem = `'${withoutPassword(text)}' is not a management URL (http://user:password@host:15672)`;
    throw WarrenError.of('USAGE', { problem, command: '' });
  }
  if (url.username !== '' && url.password === '') {
    const user = decodeURIComponent(url.username);
    const password = env.WARREN_PASSWORD ?? (await askPassword?.(user));
    if (password === undefined) throw WarrenError.of('PASSWORD_MISSING', { user });
    url.password = encodeURIComponent(password);
  }
  return url.href;
}

function withoutPassword(text: string): string {
  return text.replace(/:[^/@]*@/, ':…@');
}
