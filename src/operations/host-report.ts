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

/** What was begun and did not come to its end counts as not done: the next run looks again. */
export function hostReports(
  context: HostsContext,
  planned: ChangeList,
  { changes, finished }: Pick<Recorded, 'changes' | 'finished'>,
): HostReport[] {
  return context.hosts.map(({ name, roles }) => {
    const failure = context.failures.get(name);
    const done = sentencesOf(finished, name);
    const isOpen = (sentence: string) => !done.some((one) => same(one, sentence));
    const begun = sentencesOf(changes, name).filter(isOpen);
    const waiting = sentencesOf(planned, name).filter(
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

/** A file that was to be written may have been brought by a package, and was replaced then. */
function same(done: string, planned: string): boolean {
  const object = (sentence: string) => sentence.replace(/^(write|replace|correct mode and owner of) /, '');
  return object(done) === object(planned);
}

function sentencesOf(changes: ChangeList, host: string): string[] {
  return changes.filter((change) => change.host === host).map(({ sentence }) => sentence);
}
