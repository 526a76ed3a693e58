import type { Finding } from '../phases/hosts/context.js';
import { look } from '../phases/hosts/look.js';
import { preflight } from '../phases/hosts/preflight/preflight.js';
import type { PhaseWatcher } from '../phases/phase.js';
import { runPhases } from '../phases/runner.js';
import { type HostRunOptions, hostRun, lookerPatienceMs } from './host-run.js';
import type { Surroundings } from './surroundings.js';

export interface CheckResult {
  readonly cluster: string;
  readonly hosts: readonly CheckedHost[];
  readonly findings: readonly Finding[];
  /** Nothing stands in the way of an apply. */
  readonly ok: boolean;
}

interface CheckedHost {
  readonly host: string;
  readonly address: string;
  readonly roles: readonly string[];
  readonly os?: string | undefined;
  readonly rabbitmq?: string | undefined;
  readonly node?: string | undefined;
}

/** Looks at every host, changes nothing, and tells all that stands in the way of an apply. */
export async function check(
  options: HostRunOptions & { readonly watch: PhaseWatcher },
  surroundings: Surroundings,
): Promise<CheckResult> {
  const { context, close } = await hostRun({ patienceMs: lookerPatienceMs, ...options }, surroundings);
  try {
    await runPhases([look, preflight], context, { signal: surroundings.signal, watch: options.watch });
    const { findings, file } = context;
    return {
      cluster: file.name,
      hosts: context.hosts.map(({ name, address, roles }) => {
        const facts = context.facts.get(name);
        const view = context.view.nodes.get(name);
        return {
          host: name,
          address,
          roles,
          os: facts?.os?.name,
          rabbitmq: facts?.packages.get('rabbitmq-server'),
          node: view ? `${view.nodeName} (with ${view.members.length - 1} others)` : undefined,
        };
      }),
      findings,
      ok: findings.every(({ weight }) => weight !== 'stops'),
    };
  } finally {
    await close();
  }
}
