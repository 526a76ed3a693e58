/**
 * A phase is one step of an operation. It changes things only through the
 * door, so a dry run is the same code with the door shut.
 */
export interface Phase<Context> {
  readonly title: string;
  /** Phases of different lanes that stand together in a list do not need each other, and run side by side. */
  readonly lane?: string;
  /** Left out when there is nothing for this phase to do. */
  shouldRun?(context: Context): boolean;
  run(context: Context, door: Door): Promise<void>;
  /** Undoes what this phase did, when it or a later one failed. */
  cleanUp?(context: Context, door: Door): Promise<void>;
}

/** The one way to change a host: a sentence that says what changes, and the function that does it. */
export interface Door {
  readonly shut: boolean;
  /** The same door, to one host among several. */
  on(host: string): Door;
  /** With the door shut, nothing is done and the answer is undefined. */
  change<T>(sentence: string, work: () => Promise<T> | T, consequence?: Consequence): Promise<T | undefined>;
}

/** What a change takes away from those who use the cluster now: it is asked about before it is done. */
interface Consequence {
  readonly asks: string;
}

/** A change as the door heard of it. */
export interface Change {
  readonly sentence: string;
  readonly host?: string;
  readonly asks?: string;
}

/** What the runner tells those who watch it. */
export type PhaseEvent =
  | { readonly kind: 'planned'; readonly titles: readonly string[] }
  | { readonly kind: 'started' | 'done'; readonly title: string }
  /** A change begins; `changed` when it is done, which it is not when it failed. */
  | ({ readonly kind: 'change' | 'changed'; readonly title: string } & Change)
  | { readonly kind: 'failed'; readonly title: string; readonly message: string }
  | { readonly kind: 'cleaning'; readonly title: string };

export type PhaseWatcher = (event: PhaseEvent) => void;
