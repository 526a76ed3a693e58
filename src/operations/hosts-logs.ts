import { nodeNameOf } from '../cluster-file/hosts.js';
import { type LogSource, readLog } from '../drivers/host-log/read-log.js';
import { reportOf, WarrenError } from '../errors/warren-error.js';
import { type HostsContext, transportOf } from '../phases/hosts/context.js';
import { eachHost } from '../phases/hosts/each-host.js';
import { wait } from '../phases/wait.js';
import { type HostRunOptions, hostRun } from './host-run.js';
import type { Surroundings } from './surroundings.js';

export interface HostLogsOptions extends HostRunOptions {
  readonly lines: number;
  readonly since?: string | undefined;
  /** The services' journal instead of RabbitMQ's own log. */
  readonly journal: boolean;
  readonly follow: boolean;
  readonly write: (line: string) => void;
}

const title = 'Read the logs';
const againMs = 1_000;

/**
 * RabbitMQ's log of each broker and the journal of HAProxy and Keepalived of
 * each balancer, the host's name before every line. Following asks every host
 * once a second for what was added; a host that cannot be reached is told once,
 * and asked again.
 */
export async function logsOfHosts(options: HostLogsOptions, surroundings: Surroundings): Promise<void> {
  const { context, close } = await hostRun(options, surroundings);
  const since = options.since === undefined ? undefined : secondOf(options.since, surroundings.now());
  const readers = sourcesOf(context, options.journal).map((one) => new Reader(one, options, since));
  try {
    const chosen = context.hosts.filter(({ name }) => context.limit.has(name));
    await eachHost(context, chosen, title, async (host) => {
      context.transports.set(host.name, await context.open(host));
    });
    for (const reader of readers) await reader.look(context);
    while (options.follow) {
      await wait(againMs, context.signal);
      await Promise.all(readers.map((reader) => reader.look(context)));
    }
    const silent = readers.filter(({ failed }) => failed).map(({ host }) => host);
    if (silent.length > 0) {
      throw WarrenError.of('HOST_SILENT', {
        host: silent[0]!,
        problem: `no log came from ${silent.join(', ')}`,
      });
    }
  } finally {
    await close();
  }
}

interface Source {
  readonly host: string;
  readonly source: LogSource;
}

function sourcesOf({ hosts, limit, file }: HostsContext, journal: boolean): Source[] {
  return hosts
    .filter(({ name }) => limit.has(name))
    .flatMap(({ name, roles }): Source[] => {
      const node = file.nodes?.find((one) => one.name === name);
      const path = node && `/var/log/rabbitmq/${nodeNameOf(node)}.log`;
      return [
        ...(roles.includes('broker') && path && !journal
          ? [{ host: name, source: { what: 'file', path } as const }]
          : []),
        ...(roles.includes('broker') && journal ? [{ host: name, source: unit('rabbitmq-server') }] : []),
        ...(roles.includes('balancer') ? [{ host: name, source: unit('haproxy', 'keepalived') }] : []),
      ];
    });
}

function unit(...units: readonly string[]): LogSource {
  return { what: 'journal', units };
}

class Reader {
  readonly host: string;
  failed = false;
  readonly #source: LogSource;
  readonly #options: HostLogsOptions;
  readonly #since: number | undefined;
  #after: string | undefined;
  #rest = '';

  constructor({ host, source }: Source, options: HostLogsOptions, since: number | undefined) {
    this.host = host;
    this.#source = source;
    this.#options = options;
    this.#since = since;
  }

  async look(context: HostsContext): Promise<void> {
    const { lines } = this.#options;
    try {
      const failure = context.failures.get(this.host);
      if (failure) throw WarrenError.of('HOST_SILENT', { host: this.host, problem: failure.report.message });
      const question = { source: this.#source, lines, since: this.#since, after: this.#after };
      const { text, end } = await readLog(
        transportOf(context, { name: this.host }),
        question,
        context.signal,
      );
      this.#after = end;
      this.failed = false;
      this.#tell(text);
    } catch (error) {
      context.signal.throwIfAborted();
      if (!this.failed) this.#options.write(`${this.host} | (${reportOf(error).message})`);
      this.failed = true;
    }
  }

  /** Whole lines only; the end of one that is being written comes with the next look. */
  #tell(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#options.write(`${this.host} | ${line}`);
  }
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** `10m`, `2h`, or a date as a program writes it. */
function secondOf(since: string, now: Date): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(since) ?? [];
  if (count !== undefined) return Math.floor(now.getTime() / 1_000) - Number(count) * units[unit!]!;
  const time = Date.parse(since);
  if (!Number.isNaN(time)) return Math.floor(time / 1_000);
  throw WarrenError.of('USAGE', {
    problem: `--since ${since} is neither like 10m nor a date`,
    command: 'logs',
  });
}
