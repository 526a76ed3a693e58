import type { HostsContext } from '../phases/hosts/context.js';
import type { ChangeList } from './change-list.js';

/** What became of a host: what was done on it, what was not, and why. */
export interface HostReport {
  readonly host: string;
  readonly roles: readonly string[];
  readonly done: readonly string[];
  readonly notDone: readonly string[];
  readonly failure?: {
    readonly phase: string;
    readonly problem: string;
    readonly why?: string | undefined;
    readonly next: string;
  };
}

/** A change that was begun when its host failed counts as not done: the next apply looks again. */
export function hostReports(context: HostsContext, planned: ChangeList, done: ChangeList): HostReport[] {
  return context.hosts.map(({ name, roles }) => {
    const failure = context.failures.get(name);
    const finished = sentencesOf(failure ? withoutLast(done, name, failure.phase) : done, name);
    return {
      host: name,
      roles,
      done: finished,
      notDone: sentencesOf(planned, name).filter((sentence) => !finished.some((one) => same(one, sentence))),
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

/** All but what this host was at in that phase. */
function withoutLast(changes: ChangeList, host: string, phase: string): ChangeList {
  const last = changes.findLastIndex((change) => change.host === host && change.phase === phase);
  return changes.filter((_, index) => index !== last);
}

/** A file that was to be written may have been brought by a package, and was replaced then. */
function same(done: string, planned: string): boolean {
  const object = (sentence: string) => sentence.replace(/^(write|replace|correct mode and owner of) /, '');
  return object(done) === object(planned);
}

function sentencesOf(changes: ChangeList, host: string): string[] {
  return changes.filter((change) => change.host === host).map(({ sentence }) => sentence);
}
