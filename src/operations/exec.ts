import type { ClusterFile } from '../cluster-file/cluster-file.js';
import type { Role } from '../cluster-file/hosts.js';
import { reportOf, WarrenError } from '../errors/warren-error.js';
import { type HostsContext, transportOf } from '../phases/hosts/context.js';
import { eachHost } from '../phases/hosts/each-host.js';
import type { Phase } from '../phases/phase.js';
import { runPhases } from '../phases/runner.js';
import { Audit } from './audit-run.js';
import { recorded } from './change-list.js';
import { type HostRunOptions, hostRun } from './host-run.js';
import type { Surroundings } from './surroundings.js';

export interface ExecOptions extends HostRunOptions {
  readonly file: ClusterFile;
  readonly role?: Role | undefined;
  readonly words: readonly string[];
  readonly command: string;
  readonly dryRun: boolean;
  readonly timeoutSeconds: number;
  /** Told of each host as soon as it is through. */
  readonly tell: (outcome: ExecOutcome) => void;
}

interface ExecOutcome {
  readonly host: string;
  /** The command's own; 69 when the host cannot be reached. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecResult {
  readonly cluster: string;
  readonly hosts: readonly ExecOutcome[];
  /** The worst of all. */
  readonly status: number;
}

const title = 'Run the command';

/** One command on many hosts, side by side, as root. Nobody can say what it changes, so it is written down. */
export async function exec(options: ExecOptions, surroundings: Surroundings): Promise<ExecResult> {
  const { context, close } = await hostRun(options, surroundings);
  const outcomes = new Map<string, ExecOutcome>();
  const audit = new Audit(context, options.command, surroundings);
  const done = recorded(() => {});
  try {
    const phases = [connect, run(options, outcomes)];
    const { signal } = surroundings;
    if (!options.dryRun) await audit.begin();
    await runPhases(phases, context, { signal, watch: done.watch, dryRun: options.dryRun });
    for (const [host, { report }] of context.failures) {
      const failed = { host, status: report.exit, stdout: '', stderr: `${report.message}\n` };
      outcomes.set(host, failed);
      options.tell(failed);
    }
    const hosts = context.hosts.flatMap(({ name }) => outcomes.get(name) ?? []);
    const status = Math.max(0, ...hosts.map((outcome) => outcome.status));
    if (!options.dryRun) await audit.end(status !== 0, undefined, done.changes);
    return { cluster: context.file.name, hosts, status };
  } catch (error) {
    if (!options.dryRun) await audit.end(true, reportOf(error), done.changes);
    throw error;
  } finally {
    await close();
  }
}

const connect: Phase<HostsContext> = {
  title: 'Connect',
  run: (context) =>
    eachHost(context, context.hosts, connect.title, async (host) => {
      if (context.limit.has(host.name)) context.transports.set(host.name, await context.open(host));
    }),
};

function run(options: ExecOptions, outcomes: Map<string, ExecOutcome>): Phase<HostsContext> {
  const [file, ...args] = options.words;
  if (file === undefined) throw WarrenError.of('USAGE', { problem: 'which command?', command: 'exec' });
  return {
    title,
    async run(context, door) {
      const chosen = context.hosts.filter(
        ({ name, roles }) => context.limit.has(name) && (!options.role || roles.includes(options.role)),
      );
      await eachHost(context, chosen, title, async (host) => {
        const outcome = await door.on(host.name).change(`run ${options.words.join(' ')}`, () =>
          transportOf(context, host).run(file, args, {
            signal: context.signal,
            timeoutMs: options.timeoutSeconds * 1_000,
          }),
        );
        const { status = 0, stdout = '', stderr = '' } = outcome ?? {};
        const told = { host: host.name, status, stdout, stderr };
        outcomes.set(host.name, told);
        options.tell(told);
      });
    },
  };
}
