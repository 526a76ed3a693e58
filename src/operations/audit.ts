import type { ClusterFile } from '../cluster-file/cluster-file.js';
import { hostsOf } from '../cluster-file/hosts.js';
import { type AuditLine, auditFile, hostAuditLog, linesOf, readAudit } from '../drivers/audit/audit-log.js';
import type { SshOptions } from '../drivers/transport/ssh/target.js';
import { openNetwork, targetOf } from './open-host.js';
import type { Surroundings } from './surroundings.js';

/** One run, put together from its beginning and its end. */
interface AuditedRun {
  readonly run: string;
  readonly at: string;
  readonly who: string;
  readonly command: string;
  readonly hosts: readonly string[];
  /** `broke off` when no end was written. */
  readonly outcome: string;
  readonly seconds?: number | undefined;
  readonly changes: NonNullable<AuditLine['changes']>;
  readonly error?: string | undefined;
}

export interface AuditResult {
  readonly cluster: string;
  readonly runs: readonly AuditedRun[];
}

export interface AuditOptions {
  readonly file: ClusterFile;
  readonly hosts: boolean;
  readonly last: number;
  readonly ssh: SshOptions;
}

export async function audit(options: AuditOptions, surroundings: Surroundings): Promise<AuditResult> {
  const { file, last } = options;
  const lines = options.hosts
    ? await linesOfHosts(options, surroundings)
    : await readAudit(auditFile(surroundings.state, file.name));
  return { cluster: file.name, runs: runsOf(lines).slice(-last) };
}

/** Every host's lines; the same run is on many of them. */
async function linesOfHosts({ file, ssh }: AuditOptions, { env }: Surroundings): Promise<AuditLine[]> {
  const network = await openNetwork(ssh);
  try {
    const lines = await Promise.all(
      hostsOf(file).map(async (host) => {
        const transport = network.transport(await targetOf(host, env));
        return linesOf((await transport.readFile(hostAuditLog)) ?? '');
      }),
    );
    return lines.flat().filter(({ cluster }) => cluster === file.name);
  } finally {
    await network.close();
  }
}

function runsOf(lines: readonly AuditLine[]): AuditedRun[] {
  const runs = new Map<string, AuditedRun>();
  for (const line of lines) {
    const before = runs.get(line.run);
    const { run, at, who, command, hosts } = line;
    if (line.event === 'begin') {
      if (!before) runs.set(run, { run, at, who, command, hosts, outcome: 'broke off', changes: [] });
      continue;
    }
    const { outcome = '', seconds, changes = [], error } = line;
    runs.set(run, { run, at: before?.at ?? at, who, command, hosts, outcome, seconds, changes, error });
  }
  return [...runs.values()].sort((left, right) => (left.at < right.at ? -1 : 1));
}
