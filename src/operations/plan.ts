import type { Finding } from '../phases/hosts/context.js';
import { look } from '../phases/hosts/look.js';
import { preflight, stopOnFindings } from '../phases/hosts/preflight/preflight.js';
import { runPhases } from '../phases/runner.js';
import { chosenPhases, type PhaseChoice } from './build-phases.js';
import type { ChangeOptions } from './change-hosts.js';
import { type ChangeList, recorded } from './change-list.js';
import { type HostRunOptions, hostRun, lookerPatienceMs } from './host-run.js';
import type { Surroundings } from './surroundings.js';

export interface PlanResult {
  readonly cluster: string;
  readonly changes: ChangeList;
  readonly notes: readonly Finding[];
}

/** What an apply would do: its very phases, with the door shut. */
export async function plan(
  options: HostRunOptions & PhaseChoice & Pick<ChangeOptions, 'watch'>,
  surroundings: Surroundings,
): Promise<PlanResult> {
  const { signal } = surroundings;
  const { context, close } = await hostRun({ patienceMs: lookerPatienceMs, ...options }, surroundings);
  const phases = chosenPhases(options);
  try {
    await runPhases([look, preflight, stopOnFindings], context, { signal, watch: options.watch });
    const planned = recorded(() => {});
    await runPhases(phases, context, { dryRun: true, signal, watch: planned.watch });
    return { cluster: context.file.name, changes: planned.changes, notes: context.findings };
  } finally {
    await close();
  }
}
