import type { Door, Phase, PhaseWatcher } from './phase.js';

/**
 * Runs phases in their order. When one fails, or the signal says stop, the
 * clean-ups of those that began run in reverse order, and then the error goes
 * on its way: what a clean-up cannot undo is added to it, never put in its
 * place.
 */
export interface RunnerOptions {
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly watch?: PhaseWatcher;
}

export async function runPhases<Context>(
  phases: readonly Phase<Context>[],
  context: Context,
  options: RunnerOptions = {},
): Promise<void> {
  const watch = options.watch ?? (() => {});
  const planned = phases.filter((phase) => phase.shouldRun?.(context) ?? true);
  watch({ kind: 'planned', titles: planned.map((phase) => phase.title) });
  const begun: Phase<Context>[] = [];
  for (const phase of planned) {
    try {
      options.signal?.throwIfAborted();
      begun.push(phase);
      watch({ kind: 'started', title: phase.title });
      await phase.run(context, door(phase.title, options.dryRun ?? false, watch));
      watch({ kind: 'done', title: phase.title });
    } catch (error) {
      watch({ kind: 'failed', title: phase.title, message: messageOf(error) });
      await cleanUp(begun, context, options, watch);
      throw error;
    }
  }
}

async function cleanUp<Context>(
  begun: readonly Phase<Context>[],
  context: Context,
  options: RunnerOptions,
  watch: PhaseWatcher,
): Promise<void> {
  for (const phase of [...begun].reverse()) {
    if (!phase.cleanUp) continue;
    watch({ kind: 'cleaning', title: phase.title });
    try {
      await phase.cleanUp(context, door(phase.title, options.dryRun ?? false, watch));
    } catch (error) {
      watch({ kind: 'failed', title: `clean-up of: ${phase.title}`, message: messageOf(error) });
    }
  }
}

function door(title: string, shut: boolean, watch: PhaseWatcher, host?: string): Door {
  return {
    shut,
    on: (name) => door(title, shut, watch, name),
    async change(sentence, work, consequence) {
      watch({ kind: 'change', title, sentence, ...(host === undefined ? {} : { host }), ...consequence });
      return shut ? undefined : await work();
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
