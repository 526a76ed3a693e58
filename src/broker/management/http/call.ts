/** One request, as the controllers see it: who asks, the names in the path, the query and the body. */
import type { Principal } from '../../core/broker-port.js';
import { badRequest, keysMissing } from './refusal.js';

export class Call {
  readonly principal: Principal;
  readonly method: string;
  readonly path: string;
  /** Address of the far side. */
  readonly peer: string;
  readonly #params: Record<string, string>;
  readonly #query: URLSearchParams;
  readonly #headers: (name: string) => string | undefined;
  readonly #text: string;
  readonly #switches: ReadonlySet<string>;
  #json: Record<string, unknown> | null = null;

  constructor(request: {
    principal: Principal;
    method: string;
    path: string;
    peer: string;
    params: Record<string, string>;
    query: URLSearchParams;
    header: (name: string) => string | undefined;
    text: string;
    /** Those of the query that are on whatever it says. */
    switches: ReadonlySet<string>;
  }) {
    this.principal = request.principal;
    this.method = request.method;
    this.path = request.path;
    this.peer = request.peer;
    this.#params = request.params;
    this.#query = request.query;
    this.#headers = request.header;
    this.#text = request.text;
    this.#switches = request.switches;
  }

  /** A name in the path, decoded. */
  param(name: string): string {
    return this.#params[name] ?? '';
  }

  /** The virtual host named in the path, undefined on routes without one. */
  get vhost(): string | undefined {
    return this.#params.vhost;
  }

  query(name: string): string | undefined {
    return this.#query.get(name) ?? undefined;
  }

  /** A switch in the query: only `true` sets it. The configuration may set it for every request. */
  flag(name: string): boolean {
    return this.#switches.has(name) || this.#query.get(name) === 'true';
  }

  header(name: string): string | undefined {
    return this.#headers(name);
  }

  get text(): string {
    return this.#text;
  }

  /** The body; an empty one is an empty object, as RabbitMQ takes it. */
  get json(): Record<string, unknown> {
    this.#json ??= decode(this.#text);
    return this.#json;
  }

  /** A key of the body that must be there. */
  required(key: string): unknown {
    this.require(key);
    return this.json[key];
  }

  /** Refuses the body with all the keys that it lacks. */
  require(...wanted: string[]): void {
    const missing = wanted.filter((key) => this.json[key] === undefined);
    if (missing.length > 0) throw keysMissing(missing);
  }

  /** true, false, "true", "false"; anything else is refused as RabbitMQ words it. */
  boolean(key: string, absent: boolean): boolean {
    const value = this.json[key];
    if (value === undefined) return absent;
    if (value === true || value === 'true') return true;
    if (value === false || value === 'false') return false;
    throw badRequest(['not_boolean', value]);
  }

  integer(key: string): number {
    const value = this.required(key);
    const number = typeof value === 'string' && /^[+-]?\d+$/.test(value) ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isInteger(number)) throw badRequest(['not_integer', value]);
    return number;
  }
}

function decode(text: string): Record<string, unknown> {
  if (text === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badRequest('not_json');
  }
  if (typeof value === 'string') {
    throw badRequest(
      'invalid payload: the request body JSON-decoded to a string. Is the input doubly-JSON-encoded?',
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badRequest('not_json');
  return value as Record<string, unknown>;
}
