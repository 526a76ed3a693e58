import type { Change, PhaseWatcher } from '../phases/phase.js';

export type ChangeList = readonly (Change & { readonly phase: string })[];

/** What the door heard: every change that was begun, and those of them that came to their end. */
export interface Recorded {
  readonly changes: ChangeList;
  readonly finished: ChangeList;
  readonly watch: PhaseWatcher;
}

/** Keeps it, and tells a watcher of it all the same. */
export function recorded(watch: PhaseWatcher): Recorded {
  const lists = {
    change: [] as (Change & { phase: string })[],
    changed: [] as (Change & { phase: string })[],
  };
  return {
    changes: lists.change,
    finished: lists.changed,
    watch(event) {
      watch(event);
      if (event.kind !== 'change' && event.kind !== 'changed') return;
      const { kind, title, ...change } = event;
      lists[kind].push({ phase: title, ...change });
    },
  };
}
