/** A resource of the API: its path, who may ask, and what each method does. `router.ts` gives them to HTTP. */
import type { Call } from './call.js';

type Maybe<T> = T | Promise<T>;

/** What a POST answers: 204 and nothing, or 200/201/303 with a body or headers. */
export interface Posted {
  status: 200 | 201 | 204 | 303;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Resource {
  /** `/api/queues/:vhost/:queue` */
  path: string;
  /** Throws a Refusal when the caller may not; `null` = open to everybody, without a password. */
  access: ((call: Call) => void) | null;
  /** False answers 404 to GET and DELETE. */
  exists?: (call: Call) => Maybe<boolean>;
  /** The credentials may stand in the query, `auth=` before them, as in a link or a form. */
  authInQuery?: true;
  /** RabbitMQ's handler of these knows GET, but no HEAD. */
  headless?: true;
  /** Bodies are taken as application/json alone; elsewhere no matter what they are called. */
  jsonOnly?: true;
  /** The value that goes out as JSON. */
  get?: (call: Call) => Maybe<unknown>;
  /** Headers that go with it. */
  headers?: (call: Call) => Record<string, string>;
  /** What GET answers where it is plain text instead. */
  text?: (call: Call) => Maybe<Buffer>;
  /** True when it created something (201), false when it was there (204). */
  put?: (call: Call) => Maybe<boolean>;
  post?: (call: Call) => Maybe<Posted>;
  delete?: (call: Call) => Maybe<void>;
  /** It refuses OPTIONS, as some of RabbitMQ's do. */
  withoutOptions?: boolean;
}

/** The methods of a resource, in the order in which RabbitMQ lists them in `allow`. */
export function allowed(resource: Resource): string {
  const methods = [
    ...(resource.get || resource.text ? (resource.headless ? ['GET'] : ['HEAD', 'GET']) : []),
    ...(resource.put ? ['PUT'] : []),
    ...(resource.delete ? ['DELETE'] : []),
    ...(resource.post ? ['POST'] : []),
    ...(resource.withoutOptions ? [] : ['OPTIONS']),
  ];
  return methods.join(', ');
}
