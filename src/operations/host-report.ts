import type { HostsContext } from '../phases/hosts/context.js';
import type { ChangeList, Recorded } from './change-list.js';

/** What became of a host: what was done on it, what was not, and why. */
export interface HostReport {
  readonly host: string;
  readonly roles: readonly string[];
  readonly done: readonly string[];
  /** Broken off, by a failure or an interruption: what came of it, the next run sees. */
  readonly begun: readonly string[];
  readonly notDone: readonly string[];
  readonly failure?: {
    readonly phase: string;
    readonly problem: string;
    readonly why?: string | undefined;
    readonly next: string;
  };
}

/**
 * What was begun and did not come to its end counts as not done: the next run looks again.
 * A change that was planned, and not made by a phase that came to its end, was needless.
 */
export function hostReports(
  context: HostsContext,
  planned: ChangeList,
  { changes, finished, course }: Pick<Recorded, 'changes' | 'finished' | 'course'>,
): HostReport[] {
  return context.hosts.map(({ name, roles }) => {
    const failure = context.failures.get(name);
    const over = phasesOver(context, course, failure?.phase);
    const left = planned.filter(({ phase }) => !over.has(phase));
    const done = sentencesOf(finished, name);
    const isOpen = (sentence: string) => !done.some((one) => same(one, sentence));
    const begun = sentencesOf(changes, name).filter(isOpen);
    const waiting = sentencesOf(left, name).filter(
      (sentence) => isOpen(sentence) && !begun.some((one) => same(one, sentence)),
    );
    return {
      host: name,
      roles,
      done,
      begun,
      notDone: waiting,
      ...(failure
        ? {
            failure: {
              phase: failure.phase,
              problem: failure.report.message,
              why: failure.report.why,
              next: failure.report.next,
            },
          }
        : {}),
    };
  });
}

/** The phases that came to their end for a host: of one that failed, those that did before the phase in which it failed began. */
function phasesOver(
  { putOff }: HostsContext,
  course: Recorded['course'],
  failedIn: string | undefined,
): ReadonlySet<string> {
  const until = failedIn === undefined ? course.length : course.findIndex(({ title }) => title === failedIn);
  const over = course.slice(0, Math.max(0, until)).filter(({ kind }) => kind === 'done');
  const waiting = new Set(putOff.map(({ phase }) => phase));
  return new Set(over.map(({ title }) => title).filter((title) => !waiting.has(title)));
}

/** A file that was to be written may have been brought by a package, and was replaced then. */
function same(done: string, planned: string): boolean {
  const object = (sentence: string) => sentence.replace(/^(write|replace|correct mode and owner of) /, '');
  return object(done) === object(planned);
}

function sentencesOf(changes: ChangeList, host: string): string[] {
  return changes.filter((change) => change.host === host).map(({ sentence }) => sentence);
}
