/**
 * The traces of one node, by virtual host and name: what the rabbitmq_tracing plugin does. The first trace in a
 * virtual host turns tracing on there, on this node, the end of the last one off again. They live as long as the
 * plugin runs. Traces of one name write into one log, whatever their virtual hosts.
 */

import type { Admin } from '../core/admin-port.js';
import type { Broker } from '../core/broker-port.js';
import { logged } from '../core/logged.js';
import type { Clock, Logger } from '../core/ports.js';
import { type LogFormat, logFormats } from './log-text.js';
import { Trace } from './trace.js';
import { isFileName, TraceFiles } from './trace-files.js';
import { TraceLog } from './trace-log.js';

export interface TracingOptions {
  admin: Admin;
  broker: Broker;
  clock: Clock;
  logger: Logger;
  directory: string;
  /** Of traces that bring none of their own. */
  login: { username: string; password: string };
}

/** What somebody asked for, whatever keys it has, and the queue it reads. */
export interface TraceFact {
  vhost: string;
  name: string;
  definition: Record<string, unknown>;
  queue: string | null;
}

/** With RabbitMQ's words. */
export class TraceRefused extends Error {}

interface Running extends Omit<TraceFact, 'queue'> {
  trace: Trace;
}

export class Traces {
  readonly files: TraceFiles;
  readonly #running = new Map<string, Running>();
  readonly #starting = new Set<string>();
  readonly #logs = new Map<string, TraceLog>();

  constructor(private readonly options: TracingOptions) {
    this.files = new TraceFiles(options.directory);
  }

  list(vhost: string | null): TraceFact[] {
    return [...this.#running.values()].filter((each) => vhost === null || each.vhost === vhost).map(fact);
  }

  find(vhost: string, name: string): TraceFact | null {
    const found = this.#running.get(keyOf(vhost, name));
    return found === undefined ? null : fact(found);
  }

  /** Rejects with TraceRefused. */
  async create(vhost: string, name: string, definition: Record<string, unknown>): Promise<void> {
    const key = keyOf(vhost, name);
    const checked = check(name, definition);
    if (this.#running.has(key) || this.#starting.has(key)) throw new TraceRefused(somethingWrong);
    this.#starting.add(key);
    try {
      const trace = await this.#start(vhost, name, checked);
      const { tracer_connection_password: _secret, ...shown } = definition;
      this.#running.set(key, { vhost, name, definition: shown, trace });
      this.options.admin.vhost(vhost)?.setTracing(true);
    } catch (error) {
      this.options.logger.error(logged(`trace ${name} in vhost ${vhost}: ${(error as Error).message}`));
      throw new TraceRefused(somethingWrong);
    } finally {
      this.#starting.delete(key);
    }
  }

  async stop(vhost: string, name: string): Promise<void> {
    const running = this.#running.get(keyOf(vhost, name));
    if (running === undefined) return;
    this.#forget(vhost, name);
    await running.trace.stop();
    this.options.logger.info(`Tracer closed log file ${this.files.path(fileOf(name))}`);
  }

  /** Tracing itself stays as it is, as in RabbitMQ. */
  async close(): Promise<void> {
    const running = [...this.#running.values()];
    this.#running.clear();
    await Promise.all(running.map(({ trace }) => trace.stop()));
  }

  async #start(vhost: string, name: string, asked: Checked): Promise<Trace> {
    const { broker, clock, logger } = this.options;
    const log = this.#logs.get(name) ?? new TraceLog(this.files.path(fileOf(name)), logger);
    const trace = await Trace.start({
      broker,
      vhost,
      login: asked.login ?? this.options.login,
      pattern: asked.pattern,
      format: asked.format,
      maxPayloadBytes: asked.maxPayloadBytes,
      log,
      now: () => clock.now(),
      ended: () => this.#forget(vhost, name),
    });
    this.#logs.set(name, log);
    logger.info(`Tracer opened log file ${log.file} with format ${asked.format}`);
    return trace;
  }

  #forget(vhost: string, name: string): void {
    this.#running.delete(keyOf(vhost, name));
    const left = [...this.#running.values()];
    if (!left.some((each) => each.name === name)) this.#logs.delete(name);
    if (!left.some((each) => each.vhost === vhost)) this.options.admin.vhost(vhost)?.setTracing(false);
  }
}

const keyOf = (vhost: string, name: string) => `${vhost}\0${name}`;
const fileOf = (name: string) => `${name}.log`;
const fact = ({ trace, ...rest }: Running): TraceFact => ({ ...rest, queue: trace.queue });
const somethingWrong = 'Something went wrong trying to start the trace - check the logs.';

interface Checked {
  pattern: string;
  format: LogFormat;
  maxPayloadBytes: number | null;
  login: { username: string; password: string } | null;
}

function check(name: string, definition: Record<string, unknown>): Checked {
  const { format, pattern, max_payload_bytes: bytes = null } = definition;
  if (bytes !== null && !Number.isInteger(bytes)) throw new TraceRefused('max_payload_bytes not integer');
  const asked = logFormats.find((each) => each === format);
  if (asked === undefined) throw new TraceRefused('format not json or text');
  if (bytes !== null && (bytes as number) < 0) throw new TraceRefused('max_payload_bytes negative');
  if (typeof pattern !== 'string') throw new TraceRefused('pattern not a string');
  if (!isFileName(fileOf(name)) || name === '') throw new TraceRefused('name not the name of a file');
  const login = {
    username: definition.tracer_connection_username,
    password: definition.tracer_connection_password,
  };
  return { pattern, format: asked, maxPayloadBytes: bytes as number | null, login: given(login) };
}

/** RabbitMQ takes an empty user as none. */
function given({ username, password }: { username: unknown; password: unknown }): Checked['login'] {
  if (username === undefined || username === '') return null;
  return { username: String(username), password: String(password ?? '') };
}
