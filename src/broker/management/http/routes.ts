/**
 * Where a path leads, by the rules of RabbitMQ's HTTP server (cowboy): a path is cut at its slashes, one slash at
 * its end does not count, `.` and `..` are walked, and each part is decoded by itself (so that `%2F` is a name);
 * of two patterns that match, the one given first has it.
 */
import { Refusal } from './refusal.js';

export type Params = Readonly<Record<string, string>>;

interface Route<T> {
  readonly pattern: readonly string[];
  readonly value: T;
}

export class Routes<T> {
  /** By how many parts they have and by what they are of (`queues`): a handful each. */
  readonly #routes = new Map<string, Route<T>[]>();

  /** `pattern`: `/api/queues/:vhost/:queue`. */
  add(pattern: string, value: T): void {
    const parts = pattern.split('/').slice(1);
    const key = keyOf(parts);
    const beside = this.#routes.get(key);
    if (beside) beside.push({ pattern: parts, value });
    else this.#routes.set(key, [{ pattern: parts, value }]);
  }

  /** Undefined where nothing is. Throws a Refusal (400) where a part of the path is not decodable. */
  find(path: string): { value: T; params: Params } | undefined {
    const parts = partsOf(path);
    const route = this.#routes.get(keyOf(parts))?.find(({ pattern }) => matches(pattern, parts));
    return route && { value: route.value, params: paramsOf(route.pattern, parts) };
  }
}

const keyOf = (parts: readonly string[]) => `${parts.length} ${parts[1]}`;

function partsOf(path: string): string[] {
  const raw = path.split('/').slice(1);
  if (raw.length > 1 && raw.at(-1) === '') raw.pop();
  const parts: string[] = [];
  for (const part of raw.map(decoded)) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts;
}

/** What is no UTF-8 is read all the same; nothing has such a name. */
function decoded(part: string): string {
  if (!part.includes('%')) return part;
  if (isBroken(part)) throw new Refusal(400, null);
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Whether a `%` stands there without its two digits. */
export const isBroken = (encoded: string) => /%(?![0-9a-f]{2})/i.test(encoded);

const matches = (pattern: readonly string[], parts: readonly string[]) =>
  pattern.every((part, index) => part.startsWith(':') || part === parts[index]);

const paramsOf = (pattern: readonly string[], parts: readonly string[]): Params =>
  Object.fromEntries(
    pattern.flatMap((part, index) => (part.startsWith(':') ? [[part.slice(1), parts[index] ?? '']] : [])),
  );
