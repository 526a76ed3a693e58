import type { Door, Phase, PhaseWatcher } from './phase.js';

/**
 * Runs phases in their order; neighbours that are in lanes run side by side, each
 * lane in its order, and what follows waits for all of them. A dry run takes them
 * one by one. When one fails, the lanes beside it come to their end first, since
 * they do not need it; when the signal says stop, all stop. Then the clean-ups of
 * those that began run in reverse order, and then the error goes on its way: what
 * a clean-up cannot undo is added to it, never put in its place.
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
  const runOne = async (phase: Phase<Context>) => {
    try {
      options.signal?.throwIfAborted();
      begun.push(phase);
      watch({ kind: 'started', title: phase.title });
      await phase.run(context, door(phase.title, options.dryRun ?? false, watch, options.signal));
      watch({ kind: 'done', title: phase.title });
    } catch (error) {
      watch({ kind: 'failed', title: phase.title, message: messageOf(error) });
      throw error;
    }
  };
  const inOrder = async (some: readonly Phase<Context>[]) => {
    for (const phase of some) await runOne(phase);
  };
  try {
    if (options.dryRun) await inOrder(planned);
    else for (const lanes of stages(planned)) await allOf(lanes.map(inOrder));
  } catch (error) {
    await cleanUp(begun, context, options, watch);
    throw error;
  }
}

/** What runs side by side, one stage after the other: a phase by itself, or the lanes of neighbours. */
function stages<Context>(phases: readonly Phase<Context>[]): Phase<Context>[][][] {
  const all: Map<string | symbol, Phase<Context>[]>[] = [];
  let joins = false;
  for (const phase of phases) {
    if (!joins || phase.lane === undefined) all.push(new Map());
    const lane = phase.lane ?? Symbol();
    all.at(-1)!.set(lane, [...(all.at(-1)!.get(lane) ?? []), phase]);
    joins = phase.lane !== undefined;
  }
  return all.map((lanes) => [...lanes.values()]);
}

/** Waits for all, and throws what the first that failed threw. */
async function allOf(work: readonly Promise<void>[]): Promise<void> {
  let first: { readonly error: unknown } | undefined;
  await Promise.all(
    work.map((one) =>
      one.catch((error: unknown) => {
        first ??= { error };
      }),
    ),
  );
  if (first) throw first.error;
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

/** Once the signal says stop, no further change begins. */
function door(title: string, shut: boolean, watch: PhaseWatcher, signal?: AbortSignal, host?: string): Door {
  return {
    shut,
    on: (name) => door(title, shut, watch, signal, name),
    async change(sentence, work, consequence) {
      signal?.throwIfAborted();
      const change = { title, sentence, ...(host === undefined ? {} : { host }), ...consequence };
      watch({ kind: 'change', ...change });
      if (shut) return undefined;
      const result = await work();
      watch({ kind: 'changed', ...change });
      return result;
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
