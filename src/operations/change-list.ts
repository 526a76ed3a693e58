import type { Change, PhaseWatcher } from '../phases/phase.js';

export type ChangeList = readonly (Change & { readonly phase: string })[];

/** Keeps what the door heard, and tells a watcher of it all the same. */
export function recorded(watch: PhaseWatcher): {
  readonly changes: ChangeList;
  readonly watch: PhaseWatcher;
} {
  const changes: (Change & { phase: string })[] = [];
  return {
    changes,
    watch(event) {
      watch(event);
      if (event.kind !== 'change') return;
      const { kind: _, title, ...change } = event;
      changes.push({ phase: title, ...change });
    },
  };
}
