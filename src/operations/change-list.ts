import type { Change, PhaseEvent, PhaseWatcher } from '../phases/phase.js';

export type ChangeList = readonly (Change & { readonly phase: string })[];

/** A phase, by its title, that began or came to its end. */
type Step = Extract<PhaseEvent, { readonly kind: 'started' | 'done' }>;

/** What the door heard: every change that was begun, and those of them that came to their end. */
export interface Recorded {
  readonly changes: ChangeList;
  readonly finished: ChangeList;
  /** The phases as they began and came to their end, in that order. */
  readonly course: readonly Step[];
  readonly watch: PhaseWatcher;
}

/** Keeps it, and tells a watcher of it all the same. */
export function recorded(watch: PhaseWatcher): Recorded {
  const lists = {
    change: [] as (Change & { phase: string })[],
    changed: [] as (Change & { phase: string })[],
  };
  const course: Step[] = [];
  return {
    changes: lists.change,
    finished: lists.changed,
    course,
    watch(event) {
      watch(event);
      if (event.kind === 'started' || event.kind === 'done') course.push(event);
      if (event.kind !== 'change' && event.kind !== 'changed') return;
      const { kind, title, ...change } = event;
      lists[kind].push({ phase: title, ...change });
    },
  };
}
